// Goal: a scratch transaction answers what a real one would that made the same changes.
// Method: random changes to both, on one moment of a database; every question is put to both.
#include "storage/scratch_transaction.hpp"

#include "storage/contract.hpp"
#include "storage/expectations.hpp"

#include <random>
#include <set>
#include <string>
#include <vector>

namespace verso::storage {

namespace {

using Found = std::vector<std::pair<std::string, std::string>>;

Found scan_all(ReadTransaction& transaction, const Scan& scan, std::size_t most) {
    Found found;
    transaction.scan(Table::records, scan, [&](BytesView key, BytesView value) {
        found.emplace_back(key, value);
        return found.size() < most;
    });
    return found;
}

Found chunks_of(ReadTransaction& transaction, std::size_t most) {
    Found found;
    transaction.each_chunk(ChunkKind::node, [&](ChunkId id, BytesView bytes) {
        found.emplace_back(std::to_string(id), bytes);
        return found.size() < most;
    });
    return found;
}

/// A real transaction and a scratch one, changed alike.
class Twins {
public:
    explicit Twins(unsigned seed) : random_(seed), storage_(backing_.open()) {
        const auto first = storage_->begin_write({});
        for (int i = 0; i < 40; ++i) change(*first, random_());
        first->commit();
        moment_ = storage_->begin_read();
        real_ = storage_->begin_write({});
        scratch_.emplace(*moment_);
    }

    void change() {
        const auto seed = random_();
        const auto chunks = chunks_;
        const ChunkId next = next_;
        erased_.clear();
        change(*real_, seed);
        chunks_ = chunks;
        next_ = next;
        const std::vector<bool> erased = std::exchange(erased_, {});
        change(*scratch_, seed);
        CHECK(std::exchange(erased_, {}) == erased);
    }
    /// The same within nested ones, which are kept or undone.
    void change_nested() {
        const bool keeps = random_() % 2 == 0;
        const auto seed = random_();
        const auto chunks = chunks_;
        const ChunkId next = next_;
        {
            const auto nested = real_->begin_nested();
            change(*nested, seed);
            if (keeps) nested->commit();
        }
        const auto chunks_after = chunks_;
        chunks_ = chunks;
        next_ = next;
        {
            const auto nested = scratch_->begin_nested();
            change(*nested, seed);
            if (keeps) nested->commit();
        }
        chunks_ = keeps ? chunks_after : chunks;
    }

    void compare() {
        const std::string key = some_key(random_);
        CHECK(real_->find(Table::records, key) == scratch_->find(Table::records, key));
        for (const Order order : {Order::ascending, Order::descending}) {
            const std::string prefix = some_key(random_).substr(0, random_() % 3);
            std::string from;
            if (random_() % 2 == 0) from = (random_() % 2 == 0 ? prefix : "") + some_key(random_);
            const std::size_t most = 1 + random_() % 60;
            const Scan scan{prefix, from, order};
            CAPTURE(prefix, from, most);
            CHECK(scan_all(*real_, scan, most) == scan_all(*scratch_, scan, most));
        }
        const std::size_t most = 1 + random_() % 60;
        CHECK(chunks_of(*real_, most) == chunks_of(*scratch_, most));
        std::vector<ChunkId> ids(chunks_.begin(), chunks_.end());
        const auto read = [&](ReadTransaction& transaction) {
            Found found(ids.size());
            transaction.chunks(ChunkKind::node, ids, [&](std::size_t i, BytesView bytes) {
                found[i].second = bytes;
                return true;
            });
            return found;
        };
        CHECK(read(*real_) == read(*scratch_));
    }

    [[nodiscard]] std::uint64_t dropped_bytes() const { return scratch_->dropped_bytes(); }

private:
    static std::string some_key(std::mt19937_64& random) {
        std::string key(1 + random() % 3, 'a');
        for (char& digit : key) digit = "ab\xff"[random() % 3];
        return key;
    }

    void change(WriteTransaction& transaction, std::uint64_t seed) {
        std::mt19937_64 random(seed);
        switch (random() % 4) {
            case 0: {
                const std::string key = some_key(random);
                transaction.put(Table::records, key, std::to_string(random() % 100));
                break;
            }
            case 1: erased_.push_back(transaction.erase(Table::records, some_key(random))); break;
            case 2:
                transaction.append(ChunkKind::node, ++next_, "chunk " + std::to_string(random()));
                chunks_.insert(next_);
                break;
            default: {
                if (chunks_.empty()) break;
                const auto gone = std::next(chunks_.begin(),
                                            static_cast<std::ptrdiff_t>(random() % chunks_.size()));
                transaction.drop(ChunkKind::node, *gone);
                chunks_.erase(gone);
            }
        }
    }

    std::mt19937_64 random_;
    LmdbBacking backing_;
    std::unique_ptr<Storage> storage_;
    std::unique_ptr<ReadTransaction> moment_;
    std::unique_ptr<WriteTransaction> real_;
    std::optional<ScratchTransaction> scratch_;
    std::set<ChunkId> chunks_;
    ChunkId next_ = 0;
    std::vector<bool> erased_;  ///< what erase() answered
};

}  // namespace

TEST_CASE("scratch: it answers what a real transaction does", "[storage]") {
    const auto seed = GENERATE(range(1U, 40U));
    CAPTURE(seed);
    Twins twins(seed);
    for (int step = 0; step < 120; ++step) {
        if (step % 5 == 0)
            twins.change_nested();
        else
            twins.change();
        twins.compare();
    }
}

TEST_CASE("scratch: nothing of it is left", "[storage]") {
    const LmdbBacking backing;
    const auto storage = backing.open();
    {
        const auto first = storage->begin_write({});
        first->put(Table::records, "key", "value");
        first->append(ChunkKind::node, 1, "chunk");
        first->commit();
    }
    {
        const auto moment = storage->begin_read();
        ScratchTransaction scratch(*moment);
        scratch.put(Table::records, "key", "another");
        scratch.put(Table::records, "more", "value");
        CHECK(scratch.erase(Table::records, "more"));
        CHECK_FALSE(scratch.erase(Table::records, "more"));
        scratch.drop(ChunkKind::node, 1);
        CHECK(scratch.dropped_bytes() == 5);
        CHECK(scratch.changes() == 4);
        expect_failure(Errc::corrupt, {"chunk 1"},
                       [&] { return scratch.chunk(ChunkKind::node, 1); });
        scratch.commit();
    }
    const auto after = storage->begin_read();
    CHECK(after->find(Table::records, "key") == "value");
    CHECK_FALSE(after->find(Table::records, "more"));
    CHECK(after->chunk(ChunkKind::node, 1) == "chunk");
}

}  // namespace verso::storage
