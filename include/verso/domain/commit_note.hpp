// What a host says of a change: kept in its commit.
#pragma once

#include <string>

namespace verso {

/// Who made a change, and why.
struct CommitNote {
    std::string author = {};
    std::string message = {};
};

}  // namespace verso
