// Which versions have what is wrong, as the ends of messages.
#pragma once

#include "engine/verify/catalogue.hpp"

#include <map>
#include <string>
#include <vector>

namespace verso::engine::verification {

/// A version, and the connection that it is in.
struct Holder {
    ConnectionId connection;
    const VersionRecord* version;
};

/// Some of the versions that have something.
struct Holders {
    std::vector<Holder> named;  ///< The first few.
    std::size_t count = 0;
    bool are_all = true;  ///< Else there may be more.

    void add(const Holder& holder);
};

class Affected {
public:
    Affected(const Catalogue& catalogue, const std::map<CommitId, CommitRecord>& commits);

    /// `affects connection "GitHub", version "1.0.0" and 3 more versions`: those whose newest
    /// commit it is, or else the one in whose history it is.
    [[nodiscard]] std::string by(CommitId commit) const;
    /// The same of these versions; if there are none, of the commit.
    [[nodiscard]] std::string by(const Holders& holders, CommitId commit) const;

private:
    [[nodiscard]] std::string history_of(const CommitRecord& commit) const;
    [[nodiscard]] std::string name_of(ConnectionId connection) const;

    const Catalogue& catalogue_;
    const std::map<CommitId, CommitRecord>& commits_;
    std::multimap<CommitId, Holder> heads_;
    std::map<VersionId, Holder> versions_;
};

}  // namespace verso::engine::verification
