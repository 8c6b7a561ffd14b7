#include "engine/verify/affected.hpp"

namespace verso::engine::verification {

void Holders::add(const Holder& holder) {
    constexpr std::size_t max_named = 3;
    if (++count <= max_named) named.push_back(holder);
}

Affected::Affected(const Catalogue& catalogue, const std::map<CommitId, CommitRecord>& commits)
    : catalogue_(catalogue), commits_(commits) {
    for (const auto& [id, connection] : catalogue.connections) {
        for (const auto& [name, version] : connection.versions) {
            heads_.insert({version.head, {id, &version}});
            versions_.insert({version.id, {id, &version}});
        }
    }
}

std::string Affected::by(CommitId commit) const {
    Holders holders;
    const auto [begin, end] = heads_.equal_range(commit);
    for (auto head = begin; head != end; ++head) holders.add(head->second);
    return by(holders, commit);
}

std::string Affected::by(const Holders& holders, CommitId commit) const {
    std::string text;
    for (const Holder& holder : holders.named) {
        text += text.empty() ? "affects " : "; ";
        text += where_is(name_of(holder.connection), *holder.version);
    }
    if (holders.count > holders.named.size())
        text += (holders.are_all ? " and " : " and at least ") +
                std::to_string(holders.count - holders.named.size()) + " more versions";
    if (!text.empty()) return text;
    const auto found = commits_.find(commit);
    return "affects " + (found == commits_.end() ? "no version" : history_of(found->second));
}

std::string Affected::history_of(const CommitRecord& commit) const {
    const auto line = versions_.find(commit.line);
    return name_of(commit.connection) +
           (line == versions_.end()
                ? ", a commit that a deleted version wrote"
                : ", the history of version \"" + line->second.version->name + "\"");
}

std::string Affected::name_of(ConnectionId connection) const {
    const auto found = catalogue_.connections.find(connection);
    if (found == catalogue_.connections.end()) return "a deleted connection";
    if (!found->second.record) return where_is(connection, std::nullopt);
    return "connection \"" + found->second.record->name + "\"";
}

}  // namespace verso::engine::verification
