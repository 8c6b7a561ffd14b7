// A target's seeds, and random changes of them: `PROGRAM [COUNT [SEED]]`. With `--write FOLDER` it
// writes the seeds there, for libFuzzer to begin with. What crashed it last is in the file that it
// names, PROGRAM.input.
#include "fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <random>

using namespace verso::fuzz;

namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t count) { return random() % count; }

/// One small change, of the kinds that find their way past checks: of a bit, of a piece that comes
/// twice, goes, or comes from another seed.
void change(std::string& input, const std::vector<std::string>& all, Random& random) {
    if (input.empty()) input = all[below(random, all.size())];
    if (input.empty()) return;
    const auto piece = [&](const std::string& of) {
        const std::size_t begin = below(random, of.size());
        return of.substr(begin, 1 + below(random, std::min<std::size_t>(of.size() - begin, 64)));
    };
    const std::size_t at = below(random, input.size());
    switch (below(random, 6)) {
        case 0: input[at] = static_cast<char>(input[at] ^ (1 << below(random, 8))); return;
        case 1: input[at] = static_cast<char>(random()); return;
        case 2: input.insert(at, piece(input)); return;
        case 3: input.erase(at, 1 + below(random, 32)); return;
        case 4: {
            const std::string& other = all[below(random, all.size())];
            if (!other.empty()) input.replace(at, below(random, 32), piece(other));
            return;
        }
        default: input.resize(at); return;
    }
}

void write_file(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

void try_out(const std::string& input, const std::filesystem::path& kept) {
    write_file(kept, input);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> all = seeds();
    if (argc == 3 && std::string_view(argv[1]) == "--write") {
        std::filesystem::create_directories(argv[2]);
        for (std::size_t i = 0; i < all.size(); ++i)
            write_file(std::filesystem::path(argv[2]) / ("seed-" + std::to_string(i)), all[i]);
        return 0;
    }
    const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2000;
    const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const std::filesystem::path kept = std::string(argv[0]) + ".input";
    Random random(seed);
    try {
        for (const std::string& each : all) try_out(each, kept);
        for (std::uint64_t done = 0; done < count; ++done) {
            std::string input = all[below(random, all.size())];
            for (std::size_t left = 1 + below(random, 8); left > 0; --left)
                change(input, all, random);
            try_out(input, kept);
        }
    } catch (const std::exception& escaped) {
        std::fprintf(stderr, "%s: an exception got out: %s; the input is in %s\n", argv[0],
                     escaped.what(), kept.c_str());
        return 1;
    }
    std::filesystem::remove(kept);
    std::printf("%zu seeds and %llu changes of them\n", all.size(),
                static_cast<unsigned long long>(count));
    return 0;
}
