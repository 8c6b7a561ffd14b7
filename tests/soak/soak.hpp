// What the soak programs have in common: how long they run, how they count what they have tried,
// and how they say what they found.
#pragma once

#include "less_if_sanitized.hpp"
#include "read_file.hpp"

#include <verso/domain/digest.hpp>

#include <cstdint>
#include <filesystem>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace verso::soak {

/// What was promised and is not so. Its message says what was found where.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Fails with Broken unless `holds`.
void expect(bool holds, const std::string& what);

/// How much is to be done: `PROGRAM [COUNT [SEED]]`.
struct Plan {
    std::uint64_t count;  ///< Of whatever the program counts.
    std::uint64_t seed;
};

using test::less_if_sanitized;
using test::read_file;
/// Makes a store of a file's bytes, as if nobody had ever opened it.
void write_store(const std::filesystem::path& path, std::string_view bytes);

/// The different states of a file that were seen, told apart by their digests.
class States {
public:
    /// Counts the state, which is all of the file; answers whether it is a new one.
    bool add(std::string_view bytes);
    [[nodiscard]] std::size_t count() const noexcept { return digests_.size(); }

private:
    std::set<Digest> digests_;
};

using Random = std::mt19937_64;

/// A number from 0 to `count` - 1.
[[nodiscard]] inline std::uint64_t below(Random& random, std::uint64_t count) {
    return random() % count;
}

/// Runs a program's main part: reads the command line, prints what `run(plan)` answers, and turns
/// what it throws into a message with the seed, and an exit code.
[[nodiscard]] int run(int argc, char** argv, std::uint64_t short_count,
                      std::string (*run)(const Plan&));

}  // namespace verso::soak
