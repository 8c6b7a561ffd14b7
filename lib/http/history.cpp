// The routes of a version's history: its log, what it differs in from another, and merging.

#include "engine/merge_json.hpp"
#include "http/answers.hpp"
#include "http/handlers.hpp"
#include "http/query.hpp"

#include <utility>

namespace verso::http {

namespace {

/// The version, or its commit, that a request names beside its target: what is wrong with it is a
/// fault of the request's.
VersionKey source(const Call& call, const Reader& reader, std::string_view name,
                  std::uint64_t commit) {
    const VersionKey from{call.connection_id(), name, commit};
    if (!must(reader.find_version({from.connection, from.name})))
        fail_field(Errc::from_version_not_found, "from",
                   "the connection has no version \"" + std::string(name) + '"');
    const auto content = reader.digest(from);
    if (!content && content.error().code == Errc::commit_not_found)
        fail_field(Errc::request_invalid, "fromCommit", content.error().message);
    static_cast<void>(must(Result<Digest>(content)));
    return from;
}

/// What a body wants to be merged, and how.
struct WantedMerge {
    std::string from;
    std::uint64_t from_commit = 0;
    bool is_dry_run = false;
    MergeOptions options;
};

MergePolicy read_policy(BodyReader& body) {
    const std::string name = body.optional_string("policy").value_or("fail");
    if (name == "ours") return MergePolicy::ours();
    if (name == "theirs") return MergePolicy::theirs();
    if (name != "fail") body.report("policy", "is none of fail, ours, theirs");
    return MergePolicy::fail();
}

std::uint64_t read_commit(BodyReader& body, std::string_view name) {
    if (!body.has(name)) return 0;
    const auto commit = parse_number(body.text(name));
    if (!commit) body.report(name, "is no commit's number");
    return commit.value_or(0);
}

WantedMerge read_wanted_merge(const Call& call) {
    BodyReader body(
        call.request.body, call.body_limits(),
        {"from", "fromCommit", "policy", "allowUnrelated", "dryRun", "author", "message"});
    WantedMerge wanted;
    wanted.from = body.string("from");
    wanted.from_commit = read_commit(body, "fromCommit");
    wanted.options.policy = read_policy(body);
    wanted.options.allow_unrelated = body.optional_flag("allowUnrelated").value_or(false);
    wanted.is_dry_run = body.optional_flag("dryRun").value_or(false);
    wanted.options.note.author = body.optional_string("author").value_or("");
    wanted.options.note.message = body.optional_string("message").value_or("");
    body.finish();
    return wanted;
}

/// 409, with all that the client needs to decide.
Response conflict_answer(const MergeReport& report) {
    JsonWriter json;
    json.begin_object().key("code").string(name(Errc::merge_conflict));
    json.key("message").string(
        "the versions have changed the same; decide with the policy ours or theirs, or edit one of "
        "them");
    json.end_object();
    std::string text = std::move(json).take();
    text.back() = ',';
    return json_answer(status_of(Errc::merge_conflict), text.append(to_json(report), 1));
}

}  // namespace

Response list_commits(const Call& call) {
    const auto page = must(call.snapshot->page_log(call.key(), call.query.page));
    return json_answer(200, page_json("commits", page));
}

Response list_changes(const Call& call) {
    if (!call.query.from)
        fail_field(Errc::request_invalid, "from",
                   "the query parameter 'from' is missing; name the version to compare with");
    const VersionKey from = source(call, *call.snapshot, *call.query.from, call.query.from_commit);
    const auto page = must(call.snapshot->page_changes(from, call.key(), call.query.page));
    JsonWriter json;
    json.begin_object().key("changes").begin_array();
    for (const Change& each : page.items)
        json.raw(call.query.patch ? to_json_with_patch(each) : to_json(each));
    json.end_array().key("totalCount").number(page.total_count);
    if (page.next) json.key("next").string(*page.next);
    json.key("summary");
    write_items(json, page.summary);
    json.end_object();
    return json_answer(200, std::move(json).take());
}

Response read_lineage(const Call& call) {
    JsonWriter json;
    json.begin_object().key("versions");
    write_items(json, must(call.snapshot->lineage(call.connection_id())));
    json.end_object();
    return json_answer(200, std::move(json).take());
}

Response merge_version(const Call& call) {
    const WantedMerge wanted = read_wanted_merge(call);
    const auto from = [&](const Reader& reader) {
        return source(call, reader, wanted.from, wanted.from_commit);
    };
    if (wanted.is_dry_run) {
        const Snapshot snapshot = must(call.store.snapshot());
        const std::uint64_t revision = must(snapshot.version(call.key())).revision;
        auto report = guarded([&] {
            return must(snapshot.preview_merge(call.key(), from(snapshot), wanted.options));
        });
        check_revision(call, revision, report ? std::nullopt : std::optional(report.error().code));
        return with_tag(json_answer(200, to_json(must(std::move(report)))), revision);
    }
    const MergeReport report = write(call, [&](Transaction& transaction) {
        return must(transaction.merge(call.key(), from(transaction), wanted.options));
    });
    if (report.outcome == MergeOutcome::conflicted) return conflict_answer(report);
    return with_tag(json_answer(200, to_json(report)), report.version.revision);
}

}  // namespace verso::http
