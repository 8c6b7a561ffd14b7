// Which resources of which versions the reading benchmarks read, verso and its rivals alike.
#pragma once

#include "fixtures.hpp"

#include <random>
#include <string>
#include <vector>

namespace bench {

inline constexpr std::int64_t read_resources = 3000;
inline constexpr std::int64_t read_versions = 100;

struct Read {
    std::string version;
    std::string resource;
    std::int64_t version_number;
};

/// A fixed random order, long enough that caches do not learn it.
class ReadPlan {
public:
    ReadPlan() {
        std::mt19937_64 random(20'24);
        reads_.resize(1 << 16);
        for (Read& read : reads_) {
            read.version_number = static_cast<std::int64_t>(random() % read_versions);
            read.version = version_name(read.version_number);
            read.resource = resource_name(static_cast<std::int64_t>(random() % read_resources));
        }
    }

    const Read& next() { return reads_[at_++ % reads_.size()]; }

private:
    std::vector<Read> reads_;
    std::size_t at_ = 0;
};

}  // namespace bench
