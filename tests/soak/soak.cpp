#include "soak/soak.hpp"

#include "tree/sha256.hpp"

#include <cstdio>
#include <exception>
#include <fstream>

namespace verso::soak {

void expect(bool holds, const std::string& what) {
    if (!holds) throw Broken(what);
}

void write_store(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    std::filesystem::remove(path.string() + "-lock");
}

bool States::add(std::string_view bytes) { return digests_.insert(tree::sha256(bytes)).second; }

int run(int argc, char** argv, std::uint64_t short_count, std::string (*run)(const Plan&)) {
    Plan plan{short_count, 0};
    try {
        if (argc > 1) plan.count = std::stoull(argv[1]);
        plan.seed = argc > 2 ? std::stoull(argv[2]) : std::random_device{}();
    } catch (const std::logic_error&) {
        std::fprintf(stderr, "usage: %s [COUNT [SEED]]\n", argv[0]);
        return 2;
    }
    // At once: what never ends is to be done again too.
    std::fprintf(stderr, "%s %llu %llu\n", argv[0], static_cast<unsigned long long>(plan.count),
                 static_cast<unsigned long long>(plan.seed));
    try {
        std::printf("%s\n", run(plan).c_str());
        return 0;
    } catch (const std::exception& broken) {
        std::fprintf(stderr, "%s: %s\n", argv[0], broken.what());
        return 1;
    }
}

}  // namespace verso::soak
