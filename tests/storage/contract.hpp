// What the contract suite runs over: the adapters of the storage port. A further adapter adds its
// backing to the list, and the whole suite runs over it too.
#pragma once

#include "storage/lmdb/options.hpp"
#include "storage/temporary_folder.hpp"

#include <memory>
#include <tuple>

namespace verso::storage {

/// A database of a test's own. open() opens it; once that storage is gone, open() finds what it
/// left.
class LmdbBacking {
public:
    [[nodiscard]] std::unique_ptr<Storage> open() const {
        return open_lmdb(options_for(folder_ / "store"));
    }

private:
    TemporaryFolder folder_;
};

using Backings = std::tuple<LmdbBacking>;

}  // namespace verso::storage
