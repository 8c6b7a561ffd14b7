// Goal: a shared sequence holds what a vector would, whatever is done to it, and a copy keeps what
// it had. Method: random changes beside a vector, with copies held; and elements that count how
// often they are copied.
#include "domain/shared_sequence.hpp"

#include "domain/random_edits.hpp"
#include "less_if_sanitized.hpp"

#include <catch2/catch.hpp>

using namespace verso;
using test::less_if_sanitized;
using test::RandomEdits;

namespace {

using Numbers = SharedSequence<std::size_t>;

std::vector<std::size_t> counted_up(std::size_t count) {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < count; ++i) numbers.push_back(i);
    return numbers;
}

std::vector<std::size_t> content(const Numbers& sequence) {
    std::vector<std::size_t> numbers;
    sequence.each([&](std::size_t number) { numbers.push_back(number); });
    return numbers;
}

void check_same(const Numbers& sequence, const std::vector<std::size_t>& model) {
    REQUIRE(sequence.size() == model.size());
    REQUIRE(content(sequence) == model);
    for (std::size_t i = 0; i < model.size(); i += 1 + model.size() / 20)
        REQUIRE(sequence[i] == model[i]);
}

/// Counts its copies.
struct Counted {
    explicit Counted(std::size_t& counter) : copies(&counter) {}
    Counted(const Counted& other) : copies(other.copies) { ++*copies; }
    Counted(Counted&&) noexcept = default;
    Counted& operator=(const Counted& other) {
        copies = other.copies;
        ++*copies;
        return *this;
    }
    Counted& operator=(Counted&&) noexcept = default;
    ~Counted() = default;
    std::size_t* copies;
};

}  // namespace

TEST_CASE("shared sequence: it holds what it was made of, and finds where to go on", "[domain]") {
    for (const std::size_t count : {0U, 1U, 63U, 64U, 65U, 128U, 4095U, 4096U, 4097U, 300'000U}) {
        const Numbers sequence(counted_up(count));
        check_same(sequence, counted_up(count));
        for (std::size_t limit = 0; limit <= count + 1; limit += 1 + count / 100)
            CHECK(sequence.partition_point([&](std::size_t number) { return number < limit; }) ==
                  std::min(limit, count));
    }
}

TEST_CASE("shared sequence: random changes give what they give of a vector, copies apart",
          "[domain]") {
    struct Pair {
        Numbers sequence;
        std::vector<std::size_t> model;
    };
    for (std::uint64_t seed = 0; seed < less_if_sanitized(200, 40); ++seed) {
        RandomEdits random(seed);
        const std::size_t size = random.below(3) * random.below(3'000);
        std::vector<Pair> pairs(5, {Numbers(counted_up(size)), counted_up(size)});
        const std::size_t growth = random.below(3);  // it shrinks, stays or grows
        for (std::size_t step = 0; step < 500; ++step) {
            Pair& pair = pairs[random.below(pairs.size())];
            const auto at = [&](std::size_t index) {
                return pair.model.begin() + static_cast<std::ptrdiff_t>(index);
            };
            if (random.below(20) == 0) {
                pairs[random.below(pairs.size())] = Pair(pair);
            } else if (pair.model.empty() || random.below(3) < growth) {
                const std::size_t index = random.below(pair.model.size() + 1);
                pair.sequence.insert(index, step);
                pair.model.insert(at(index), step);
            } else if (const std::size_t index = random.below(pair.model.size());
                       random.below(3) == 0) {
                pair.sequence.own(index) = step;
                pair.model[index] = step;
            } else {
                pair.sequence.erase(index);
                pair.model.erase(at(index));
            }
            if (step % 50 == 0) check_same(pair.sequence, pair.model);
        }
        for (const Pair& pair : pairs) check_same(pair.sequence, pair.model);
    }
}

TEST_CASE("shared sequence: what grows and is emptied at either end is as any", "[domain]") {
    for (const bool at_front : {false, true}) {
        Numbers sequence;
        std::vector<std::size_t> model;
        for (std::size_t i = 0; i < 10'000; ++i) sequence.insert(at_front ? 0 : sequence.size(), i);
        model = counted_up(10'000);
        if (at_front) std::ranges::reverse(model);
        check_same(sequence, model);
        while (sequence.size() > 0) sequence.erase(at_front ? 0 : sequence.size() - 1);
        check_same(sequence, {});
        sequence.insert(0, 7);
        check_same(sequence, {7});
    }
}

TEST_CASE("shared sequence: a change of a copy copies little", "[domain]") {
    std::size_t copies = 0;
    const SharedSequence<Counted> original(std::vector<Counted>(100'000, Counted(copies)));
    SharedSequence<Counted> copied = original;
    copies = 0;
    static_cast<void>(copied.own(50'000));
    copied.insert(50'001, Counted(copies));
    copied.erase(49'999);
    CHECK(copies <= 2 * 64);
    CHECK(copies > 0);
    copies = 0;
    for (std::size_t i = 0; i < 64; ++i) static_cast<void>(copied.own(50'000));
    CHECK(copies == 0);
}

TEST_CASE("shared sequence: what is visited as its own no copy has", "[domain]") {
    Numbers sequence(counted_up(1'000));
    const auto visited = [&] {
        std::size_t count = 0;
        sequence.each_own([&](std::size_t&) { ++count; });
        return count;
    };
    CHECK(visited() == 1'000);
    {
        const Numbers copied = sequence;
        CHECK(visited() == 0);
        sequence.own(500) = 7;
        CHECK(visited() == 64);
        check_same(copied, counted_up(1'000));
    }
    CHECK(visited() == 1'000);
}
