// Goal: no reference leads elsewhere than where it was written to lead, whatever becomes of the
// versions, and only deletion by force leaves one that leads nowhere; and whatever has errors says
// so. Method: random histories of resources that refer to one another by name and by id. All
// references are found anew by reading every document, and held against what the index says, what
// leads where before and after a change, and what the two sides of a merge had. Every document is
// validated anew among the others.
#include "domain/path_placeholders.hpp"
#include "domain/validation.hpp"
#include "engine/bundle/bundles.hpp"
#include "engine/referring.hpp"
#include "less_if_sanitized.hpp"

#include <boost/json.hpp>

#include <map>
#include <set>

using namespace verso;
using namespace verso::engine;
using test::less_if_sanitized;

namespace {

/// Where a resource's references lead: the ids of the targets, and what was written of those that
/// lead nowhere.
struct Leads {
    std::set<ResourceId> targets;
    std::set<std::string> dangling;

    friend bool operator==(const Leads&, const Leads&) = default;
};

/// All resources of a version, and where each leads.
class Web {
public:
    Web(const Snapshot& snapshot, const VersionKey& version) {
        for (const Kind kind : all_kinds)
            for (Resource& each : snapshot.resources(version, kind).value()) {
                ids_[{kind, each.name}] = each.id;
                resources_.emplace(each.id, std::move(each));
            }
        for (const auto& [id, each] : resources_) {
            boost::json::value read = boost::json::parse(each.document.text());
            if (each.kind == Kind::definition)
                read = boost::json::parse(read.at("schema").at("content").as_string());
            find(read, links_[id]);
        }
    }

    [[nodiscard]] bool has(ResourceId id) const { return resources_.contains(id); }
    [[nodiscard]] const auto& resources() const { return resources_; }
    [[nodiscard]] const Leads& links(ResourceId id) const { return links_.at(id); }
    [[nodiscard]] const auto& all_links() const { return links_; }
    [[nodiscard]] std::optional<ResourceId> named(Kind kind, const std::string& name) const {
        const auto found = ids_.find({kind, name});
        return found == ids_.end() ? std::nullopt : std::optional(found->second);
    }
    /// The document without its name.
    [[nodiscard]] boost::json::value nameless(ResourceId id) const {
        boost::json::value read = boost::json::parse(resources_.at(id).document.text());
        read.as_object().erase("name");
        return read;
    }
    /// What the rules have against it, without what is stored about that.
    [[nodiscard]] std::vector<Finding> errors(ResourceId id) const {
        class Others : public Surroundings {
        public:
            explicit Others(const Web& web) : web_(web) {}
            std::optional<ResourceId> resolve(Kind kind, const Reference& reference) override {
                if (!reference.id) return web_.named(kind, reference.name.value());
                const bool is_there =
                    web_.has(*reference.id) && web_.resources().at(*reference.id).kind == kind;
                return is_there ? reference.id : std::nullopt;
            }
            std::string document_of(Kind, ResourceId id) override {
                return web_.resources().at(id).document.text();
            }

        private:
            const Web& web_;
        } others(*this);
        const Resource& resource = resources_.at(id);
        return validate(resource.kind, resource.document.text(), others);
    }
    [[nodiscard]] bool is_closed() const {
        return std::ranges::all_of(links_,
                                   [](const auto& each) { return each.second.dangling.empty(); });
    }
    /// Without ids: where both sides added the same, each keeps its own.
    [[nodiscard]] std::multiset<std::string> documents() const {
        std::multiset<std::string> all;
        for (const auto& [id, each] : resources_) all.insert(each.document.text());
        return all;
    }
    [[nodiscard]] std::string told() const {
        std::string all;
        for (const auto& [id, each] : resources_)
            all += to_string(id) + ' ' + each.document.text() + '\n';
        return all;
    }

private:
    void find(const boost::json::value& value, Leads& links) const {
        if (const auto* array = value.if_array())
            for (const auto& each : *array) find(each, links);
        const auto* object = value.if_object();
        if (!object) return;
        if (const auto* schema = object->if_contains("$ref"))
            add(Kind::definition, std::string(schema->as_string().subview(8)), links);
        for (const auto& [member, kind] :
             {std::pair("definition", Kind::definition), std::pair("parameter", Kind::parameter)})
            if (const auto* reference = object->if_contains(member)) {
                if (const auto* name = reference->as_object().if_contains("name"))
                    add(kind, std::string(name->as_string()), links);
                else
                    add(std::string(reference->at("id").as_string()), links);
            }
        for (const auto& each : *object) find(each.value(), links);
    }
    void add(Kind kind, const std::string& name, Leads& links) const {
        if (const auto id = named(kind, name))
            links.targets.insert(*id);
        else
            links.dangling.insert(std::string(to_string(kind)) + '/' + name);
    }
    void add(const std::string& text, Leads& links) const {
        const ResourceId id{parse_uuid(text).value()};
        if (has(id))
            links.targets.insert(id);
        else
            links.dangling.insert(text);
    }

    std::map<ResourceId, Resource> resources_;
    std::map<std::pair<Kind, std::string>, ResourceId> ids_;
    std::map<ResourceId, Leads> links_;
};

class Tangle {
public:
    explicit Tangle(std::uint64_t seed)
        : random_(seed), forces_(seed % 4 == 0), fixture_(options(seed)) {
        fixture_.create("v0");
        for (int count = 0; count < 6; ++count) edit("v0");
    }

    void step() {
        const std::vector<std::string> versions = fixture_.versions();
        const std::string one = versions[below(versions.size())];
        const std::string other = versions[below(versions.size())];
        said_ = "in " + one + ", beside " + other + ": ";
        fixture_.clock.move(one_ms);
        switch (below(16)) {
            case 0: clone(one); break;
            case 1:
            case 2:
            case 3: merge(one, other); break;
            case 4:
            case 5: pick(one, other); break;
            case 6: restore(one); break;
            case 7: undo(one); break;
            case 8:
            case 9: rename(one); break;
            case 10: exchange(one); break;
            default: edit(one);
        }
        check(one);
    }

    void check_end() {
        check_is_sound(fixture_.store);
        Store moved = empty_store();
        static_cast<void>(
            import_text(moved, bundle_of(fixture_.store, fixture_.connection)).value());
        check_is_sound(moved);
        for (const std::string& name : fixture_.versions())
            CHECK(content_of(moved, fixture_.key(name)) ==
                  content_of(fixture_.store, fixture_.key(name)));
    }

private:
    Options options(std::uint64_t seed) {
        Options options = with_fixed_secret(seed);
        options.history = {.max_commits = below(3) == 0 ? 2u : 0u};
        options.collect_with_writes = below(2) == 0;
        return options;
    }
    std::uint64_t below(std::uint64_t count) { return random_() % count; }
    std::string some_name() { return std::string(1, static_cast<char>('A' + below(5))); }
    Kind some_kind() {
        return std::array{Kind::action, Kind::definition, Kind::definition, Kind::parameter,
                          Kind::trigger}[below(5)];
    }
    [[nodiscard]] Web web(std::string_view version) const {
        return {fixture_.snapshot(), fixture_.key(version)};
    }

    // What is written.

    std::string some_reference(const Draft& draft, Kind kind) {
        const std::string name = some_name();
        const auto found = draft.find(kind, name).value();
        return found && below(2) == 0 ? by_id(found->id) : by_name(name);
    }
    std::string some_bodies(const Draft& draft) {
        std::string all;
        for (std::uint64_t left = below(3); left > 0; --left)
            all += (all.empty() ? "" : ",") +
                   (R"({"definition":)" + some_reference(draft, Kind::definition) + "}");
        return "[" + all + "]";
    }
    std::string some_schema() {
        std::string all;
        for (std::uint64_t left = below(3); left > 0; --left)
            all += (all.empty() ? "" : ",") + (R"({\"$ref\":\"#/$defs/)" + some_name() + R"(\"})");
        return R"({\"allOf\":[)" + all + R"(],\"x\":)" + std::to_string(below(3)) + "}";
    }
    /// Parameters, and the path of it: each shared one in the path has its placeholder there.
    std::string some_parameters(const Draft& draft, std::string& path) {
        std::string all;
        std::set<ResourceId> used;
        for (std::uint64_t left = below(3); left > 0; --left) {
            const auto found = draft.find(Kind::parameter, some_name()).value();
            if (!found || !used.insert(found->id).second) continue;
            if (const auto name = placeholder_of(found->document.text()))
                path += "/{{ param." + *name + " }}";
            all += (all.empty() ? "" : ",") +
                   (R"({"parameter":)" + (below(2) == 0 ? by_id(found->id) : by_name(found->name)) +
                    "}");
        }
        return R"(,"parameters":[)" + all + "]";
    }
    std::string some_path_and_parameters(const Draft& draft) {
        std::string path;
        const std::string parameters = some_parameters(draft, path);
        return R"(,"path":")" + path + "/\"" + parameters;
    }
    std::string some_parameters(const Draft& draft) {
        std::string path;
        return some_parameters(draft, path);
    }
    std::string some_media_types() {
        return std::array{R"(["application/json"])", R"(["application/JSON","a/b"])",
                          R"(["A/b;c=d"])", "[]"}[below(4)];
    }
    /// Under which name it is sent; no resource has such a name.
    std::string some_sent_name() {
        if (below(3) > 0) return "";
        const std::string name(1, static_cast<char>('a' + below(3)));
        return R"(,"openapi":{"members":{"name":")" + name + "\"}}";
    }
    Document some_document(const Draft& draft, Kind kind, const std::string& name) {
        const std::string head = R"({"name":")" + name + R"(","x":)" + std::to_string(below(3)) +
                                 R"(,"y":)" + std::to_string(below(3));
        switch (kind) {
            case Kind::action:
                return document(head + R"(,"method":"GET","responses":[{"status":200,)" +
                                R"("definitions":)" + some_bodies(draft) + "}]" +
                                some_path_and_parameters(draft) + "}");
            case Kind::trigger:
                return document(head + R"(,"method":"POST","responses":[{}],"requestBody":)" +
                                R"({"required":true,"definitions":)" + some_bodies(draft) + "}" +
                                some_parameters(draft) + "}");
            case Kind::definition:
                return document(head + R"(,"accept":)" + some_media_types() +
                                R"(,"schema":{"contentType":"application/schema+json",)" +
                                R"("content":")" + some_schema() + "\"}}");
            default:
                return document(head + R"(,"in":")" + (below(2) == 0 ? "path" : "query") +
                                R"(","required":true,"type":"string")" + some_sent_name() + "}");
        }
    }

    // What is done.

    void edit(const std::string& version) {
        const std::string before = content_of(fixture_.store, fixture_.key(version));
        const auto done = fixture_.store.edit(fixture_.key(version), [&](Draft& draft) {
            Result<void> last;
            for (std::uint64_t left = 1 + below(3); left > 0; --left) last = change(draft);
            return last;
        });
        if (!done) CHECK(content_of(fixture_.store, fixture_.key(version)) == before);
    }
    Result<void> change(Draft& draft) {
        const Kind kind = some_kind();
        const std::string name = some_name();
        if (below(5) == 0) {
            said_ += " erase " + std::string(to_string(kind)) + ' ' + name;
            return draft.erase(kind, name, forces_ && below(2) == 0);
        }
        const Document put = some_document(draft, kind, name);
        said_ += " put " + std::string(to_string(kind)) + ' ' + put.text();
        return outcome(below(4) == 0 ? draft.replace(kind, some_name(), put)
                                     : draft.put(kind, put));
    }

    void clone(const std::string& from) {
        const auto log = commits_of(fixture_.store, fixture_.key(from));
        const std::uint64_t commit = below(2) == 0 ? 0 : log[below(log.size())].number;
        const std::string name = "v" + std::to_string(below(5));
        const NewVersion wanted{.name = name, .from_version = from, .from_commit = commit};
        if (!fixture_.store.create_version(fixture_.connection, wanted)) return;
        check(name);
    }

    void rename(const std::string& version) {
        const Web before = web(version);
        if (before.resources().empty()) return;
        auto at = before.resources().begin();
        std::advance(at, below(before.resources().size()));
        const Resource& resource = at->second;
        const std::string name = some_name();
        said_ += "rename " + resource.name + " to " + name;
        boost::json::value renamed = boost::json::parse(resource.document.text());
        renamed.as_object()["name"] = name;
        const auto errors = errors_in(version);
        const auto done = fixture_.store.edit(fixture_.key(version), [&](Draft& draft) {
            return outcome(draft.replace(resource.kind, resource.name,
                                         document(boost::json::serialize(renamed))));
        });
        if (done) check_links_kept(before, web(version));
        if (!done || forces_) return;  // what dangled may refer to it now
        for (const auto& [id, count] : errors_in(version)) {
            CAPTURE(to_string(id), said_, before.told());
            CHECK(count <= errors.at(id));
        }
    }
    /// How much there is to say against each resource.
    [[nodiscard]] std::map<ResourceId, std::size_t> errors_in(std::string_view version) const {
        std::map<ResourceId, std::size_t> all;
        const Snapshot snapshot = fixture_.snapshot();
        for (const Kind kind : all_kinds)
            for (const Resource& each : snapshot.resources(fixture_.key(version), kind).value())
                all[each.id] = snapshot.describe_resource(fixture_.key(version), kind, each.name)
                                   .value()
                                   .errors->size();
        return all;
    }

    /// Two names, or three that go round.
    void exchange(const std::string& version) {
        const Web before = web(version);
        std::vector<Resource> all;
        const Kind kind = some_kind();
        for (const auto& [id, each] : before.resources())
            if (each.kind == kind) all.push_back(each);
        if (all.size() < 2) return;
        std::shuffle(all.begin(), all.end(), random_);
        all.resize(std::min<std::size_t>(all.size(), 2 + below(2)));
        std::vector<Document> documents;
        for (std::size_t i = 0; i < all.size(); ++i) {
            boost::json::value renamed = boost::json::parse(all[i].document.text());
            renamed.as_object()["name"] = all[(i + 1) % all.size()].name;
            renamed.as_object()["id"] = to_string(all[i].id);
            documents.push_back(document(boost::json::serialize(renamed)));
            said_ += " " + documents.back().text();
        }
        const auto done = fixture_.store.edit(fixture_.key(version), [&](Draft& draft) {
            return outcome(draft.put(kind, documents));
        });
        if (!done) return;
        std::set<ResourceId> written;  // what these refer to is as it was written just now
        for (const Resource& each : all) written.insert(each.id);
        check_links_kept(before, web(version), written);
    }

    void merge(const std::string& into, const std::string& from) {
        const Web ours = web(into);
        const Web theirs = web(from);
        const auto errors = errors_in(from);
        const std::uint64_t dice = below(3);
        const MergePolicy policy([dice](const Conflict& conflict) -> Resolution {
            if (dice == 0) return {};
            // What is referred to stays, and beside what has its name.
            if (conflict.type == ConflictType::reference)
                return {conflict.ours ? Take::ours : Take::theirs};
            if (conflict.type == ConflictType::name)
                return {Take::value, "\"N" + to_string(*conflict.other).substr(24) + '"'};
            return {dice == 1 ? Take::ours : Take::theirs};
        });
        said_ += "merge " + std::to_string(dice);
        if (into != from) check_both_ways(into, from);
        const auto preview = fixture_.snapshot().preview_merge(
            fixture_.key(into), fixture_.key(from), {.policy = policy});
        const auto merged =
            fixture_.store.merge(fixture_.key(into), fixture_.key(from), {.policy = policy});
        REQUIRE(preview.has_value() == merged.has_value());
        if (!merged) return;
        CHECK(preview->outcome == merged->outcome);
        CHECK(preview->conflicts == merged->conflicts);
        CHECK(preview->changes == merged->changes);
        const Web after = web(into);
        if (merged->outcome != MergeOutcome::merged) {
            CHECK(after.told() == ours.told());
            return;
        }
        CAPTURE(said_, ours.told(), theirs.told(), after.told());
        if (!forces_) CHECK(after.is_closed());
        check_leads_where_a_side_did(ours, theirs, after);
        check_errors_of_theirs(ours, theirs, after, errors, errors_in(into));
    }

    /// That a merge without conflicts comes to the same content either way.
    void check_both_ways(const std::string& one, const std::string& other) {
        fixture_.clone("one", one);
        fixture_.clone("other", other);
        const auto merge = [&](std::string_view into, std::string_view from) {
            return fixture_.store.merge(fixture_.key(into), fixture_.key(from)).value();
        };
        const bool has_conflicts =
            !merge("one", other).conflicts.empty() || !merge("other", one).conflicts.empty();
        CAPTURE(said_, web(one).told(), web(other).told());
        if (!has_conflicts) CHECK(web("one").documents() == web("other").documents());
        for (const char* name : {"one", "other"})
            fixture_.store.delete_version(fixture_.key(name)).value();
    }

    void pick(const std::string& into, const std::string& from) {
        const Web theirs = web(from);
        const Web ours = web(into);
        const auto errors = errors_in(from);
        Pick wanted;
        for (const auto& [id, each] : theirs.resources())
            if (below(3) == 0) wanted.resources.push_back({each.kind, each.name});
        said_ += "pick " + std::to_string(wanted.resources.size());
        const auto done = fixture_.store.pick(fixture_.key(into), fixture_.key(from), wanted);
        if (!done) return;
        const Web after = web(into);
        CAPTURE(said_, ours.told(), theirs.told(), after.told());
        for (const auto& [kind, name] : wanted.resources) {
            const ResourceId id = theirs.named(kind, name).value();
            REQUIRE(after.has(id));
            CHECK(after.resources().at(id).name == name);
        }
        if (!forces_) CHECK(after.is_closed());
        check_leads_where_a_side_did(ours, theirs, after);
        check_errors_of_theirs(ours, theirs, after, errors, errors_in(into));
    }

    void restore(const std::string& version) {
        const auto log = commits_of(fixture_.store, fixture_.key(version));
        said_ += "restore";
        static_cast<void>(
            fixture_.store.restore(fixture_.key(version), log[below(log.size())].number));
    }
    void undo(const std::string& version) {
        said_ += "undo";
        static_cast<void>(fixture_.store.undo(fixture_.key(version)));
    }

    // What must hold.

    void check_links_kept(const Web& before, const Web& after,
                          const std::set<ResourceId>& written = {}) const {
        for (const auto& [id, links] : before.all_links()) {
            if (written.contains(id)) continue;
            CAPTURE(to_string(id), said_, before.told(), after.told());
            // What led nowhere may have found a target of its name.
            if (links.dangling.empty())
                CHECK(after.links(id) == links);
            else
                CHECK(std::ranges::includes(after.links(id).targets, links.targets));
        }
    }

    /// That each reference of `after` leads to what the same resource referred to on a side, or to
    /// what has the name of what it referred to there; one that dangled may be mended.
    void check_leads_where_a_side_did(const Web& ours, const Web& theirs, const Web& after) const {
        for (const auto& [id, links] : after.all_links())
            for (const ResourceId target : links.targets) {
                const std::string& name = after.resources().at(target).name;
                CAPTURE(after.resources().at(id).name, name);
                bool led = false;
                for (const Web* side : {&ours, &theirs}) {
                    if (!side->has(id)) continue;
                    const Leads& there = side->links(id);
                    led = led || there.targets.contains(target) || !there.dangling.empty();
                    for (const ResourceId old : there.targets)
                        led = led || (!after.has(old) && side->resources().at(old).name == name);
                }
                CHECK(led);
            }
    }

    /// That there is as much against what came from theirs as there was, where all that it refers
    /// to came along.
    static void check_errors_of_theirs(const Web& ours, const Web& theirs, const Web& after,
                                       const std::map<ResourceId, std::size_t>& there,
                                       const std::map<ResourceId, std::size_t>& here) {
        for (const auto& [id, links] : after.all_links()) {
            if (ours.has(id) || !theirs.has(id) || links != theirs.links(id)) continue;
            const bool came_along = std::ranges::all_of(links.targets, [&](ResourceId target) {
                return theirs.nameless(target) == after.nameless(target);
            });
            CAPTURE(to_string(id));
            if (came_along) CHECK(here.at(id) == there.at(id));
        }
    }

    void check(std::string_view version) const {
        const Web now = web(version);
        CAPTURE(said_, now.told());
        if (!forces_) CHECK(now.is_closed());
        std::map<ResourceId, std::set<std::string>> referrers;
        for (const auto& [id, links] : now.all_links()) {
            const Resource& referrer = now.resources().at(id);
            const std::string from = label(referrer.kind, referrer.name);
            for (const ResourceId target : links.targets)
                if (target != id) referrers[target].insert(from);
        }
        const Snapshot snapshot = fixture_.snapshot();
        for (const auto& [id, each] : now.resources()) {
            std::set<std::string> told;
            for (const Referrer& from :
                 snapshot.referrers(fixture_.key(version), each.kind, each.name).value())
                told.insert(label(from.kind, from.name));
            CAPTURE(label(each.kind, each.name));
            CHECK(told == referrers[id]);
            const auto described =
                snapshot.describe_resource(fixture_.key(version), each.kind, each.name).value();
            REQUIRE(described.errors);
            CHECK(*described.errors == now.errors(id));
            if (!now.links(id).dangling.empty()) CHECK(!described.errors->empty());
        }
    }
    static std::string label(Kind kind, const std::string& name) {
        return std::string(to_string(kind)) + '/' + name;
    }

    std::mt19937_64 random_;
    bool forces_;  ///< Whether what others refer to is deleted too.
    Fixture fixture_;
    std::string said_;
};

}  // namespace

TEST_CASE("references: whatever is done, they lead where they led, and errors are told",
          "[engine]") {
    for (std::uint64_t seed = 0; seed < less_if_sanitized(200, 30); ++seed) {
        CAPTURE(seed);
        Tangle tangle(seed);
        for (int step = 0; step < 60; ++step) {
            CAPTURE(step);
            tangle.step();
        }
        tangle.check_end();
    }
}
