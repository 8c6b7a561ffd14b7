// Goal: verify finds whatever is wrong with a commit's index of references, also where the commit
// before it is right and nothing but what changed is read. Method: one key is added to the index of
// some commit of a random history, or taken from it.
#include "engine/bundle/bundles.hpp"
#include "engine/content.hpp"
#include "engine/referring.hpp"
#include "engine/store_state.hpp"
#include "less_if_sanitized.hpp"
#include "tree/rank.hpp"

#include <verso/maintenance.hpp>

#include <algorithm>
#include <iterator>
#include <random>
#include <set>

using namespace verso;
using namespace verso::engine;
using storage::Table;

namespace {

/// A commit's index of references, which a test changes.
class Index {
public:
    Index(const Store& store, CommitId id) : store_(store), id_(id) {
        const auto moment = storage().begin_read();
        commit_ = CommitRecord::decode(moment->find(Table::commits, key::commit(id)).value());
        NodeCache nodes(*moment);
        for (const auto section : {content::Section::references, content::Section::dangling})
            tree::scan(nodes, commit_.root, content::section(section).range(),
                       [&](const tree::Entry& entry) {
                           keys_.emplace_back(entry.key);
                           return true;
                       });
        tree::scan(nodes, commit_.root, content::section(content::Section::ids).range(),
                   [&](const tree::Entry& entry) {
                       ids_.push_back(ResourceId{uuid_of(entry.key.substr(1))});
                       return true;
                   });
    }

    [[nodiscard]] CommitId commit_before() const noexcept { return commit_.prev; }
    /// In order.
    [[nodiscard]] const std::vector<std::string>& keys() const noexcept { return keys_; }
    [[nodiscard]] bool has(const std::string& key) const {
        return std::ranges::binary_search(keys_, key);
    }
    [[nodiscard]] const std::vector<ResourceId>& ids() const noexcept { return ids_; }

    /// Adds the keys that are not there, and takes away those that are. Requires: in order.
    void toggle(const std::vector<std::string>& keys) {
        const auto raw = storage().begin_write({});
        StoreRecord store = StoreRecord::decode(raw->find(Table::records, key::store()).value());
        const tree::Rank rank(store.secret);
        NodeCache nodes(*raw);
        NodeBuffer made(store.next_chunk);
        std::vector<tree::Edit> edits;
        for (const std::string& key : keys) {
            edits.push_back({key, std::nullopt});
            if (!has(key)) edits.back().value = BytesView{};
        }
        CommitRecord changed = commit_;
        changed.root = tree::apply(nodes, {rank, made}, commit_.root, edits);
        made.append_to(*raw);
        raw->put(Table::commits, key::commit(id_), changed.encode());
        raw->put(Table::records, key::store(), store.encode());
        raw->commit();
    }

private:
    [[nodiscard]] storage::Storage& storage() const { return StoreAccess::state(store_).storage(); }

    const Store& store_;
    CommitId id_;
    CommitRecord commit_;
    std::vector<std::string> keys_;
    std::vector<ResourceId> ids_;
};

bool says(const VerifyReport& report, CommitId commit, std::string_view what) {
    return std::ranges::any_of(report.findings, [&](const Damage& finding) {
        return finding.where == "commit " + std::to_string(commit) &&
               finding.message.find(what) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("verify: one key too many or too few in the index of any commit is found", "[engine]") {
    std::size_t lacking = 0;
    std::size_t too_many = 0;
    std::size_t undone = 0;
    for (std::uint64_t seed = 0; seed < test::less_if_sanitized(300, 60); ++seed) {
        Fixture fixture(with_fixed_secret(seed));
        RandomHistory history(fixture, seed);
        history.change(40);
        REQUIRE(verify(fixture.store).value().is_clean());
        std::mt19937_64 random(seed);
        const std::string& name = history.names()[random() % history.names().size()];
        const std::vector<Commit> commits = commits_of(fixture.store, fixture.key(name));
        const CommitId id = commits[random() % commits.size()].number;
        INFO("seed " << seed << ", commit " << id);
        Index index(fixture.store, id);
        const auto toggle = [&](const std::vector<std::string>& keys) {
            index.toggle(keys);
            const VerifyReport report = verify(fixture.store).value();
            for (const std::string& key : keys) {
                const bool lacks = index.has(key);
                ++(lacks ? lacking : too_many);
                REQUIRE(says(report, id,
                             lacks ? "its index of references lacks" : "which no document says"));
            }
        };
        const auto one_of = [&](const auto& all) { return all[random() % all.size()]; };
        // What it changed for a referrer, undone, nothing tells but what it changed beside.
        std::vector<std::string> changed;
        if (index.commit_before() != 0)
            std::ranges::set_symmetric_difference(
                index.keys(), Index(fixture.store, index.commit_before()).keys(),
                std::back_inserter(changed));
        if (random() % 2 == 0 && !changed.empty()) {
            ++undone;
            const ResourceId referrer = content::read_referrer(one_of(changed));
            std::erase_if(changed, [&](const std::string& key) {
                return content::read_referrer(key) != referrer;
            });
            toggle(changed);
        } else if (random() % 2 == 0 && !index.keys().empty()) {
            toggle({one_of(index.keys())});
        } else if (!index.ids().empty()) {
            const std::string key =
                content::reference_key(one_of(index.ids()), one_of(index.ids()));
            if (!index.has(key)) toggle({key});
        }
    }
    CHECK(undone > 0);
    CHECK(lacking > 0);
    CHECK(too_many > 0);
}

TEST_CASE("verify: what the coming and going of a target changes for others is looked for",
          "[engine]") {
    Fixture fixture(with_fixed_secret(1));
    fixture.create("1");
    const VersionKey version = fixture.key("1");
    // Of a response nothing but the index says that its target has come or gone.
    const auto respond = [&](const std::string& name, const std::string& reference) {
        fixture.store
            .put(version, Kind::response, name,
                 document(R"({"definitions":[{"definition":)" + reference + "}]}"))
            .value();
    };
    const ResourceId target =
        fixture.store.put(version, Kind::definition, schema("D", "{}")).value().id;
    respond("named", by_name("D"));
    respond("identified", by_id(target));
    const bool comes = GENERATE(false, true);
    const CommitId with_target = commits_of(fixture.store, version).front().number;
    fixture.store.erase(version, Kind::definition, "D", true).value();
    const CommitId without = commits_of(fixture.store, version).front().number;
    if (comes) fixture.store.restore(version, with_target).value();
    const CommitId id = commits_of(fixture.store, version).front().number;
    const CommitId before = comes ? without : with_target;
    REQUIRE(verify(fixture.store).value().is_clean());

    const int which = GENERATE(0, 1);
    Index index(fixture.store, id);
    std::vector<std::string> changed;
    std::ranges::set_symmetric_difference(index.keys(), Index(fixture.store, before).keys(),
                                          std::back_inserter(changed));
    REQUIRE(changed.size() == 4);
    std::set<ResourceId> referrers;
    for (const std::string& key : changed) referrers.insert(content::read_referrer(key));
    REQUIRE(referrers.size() == 2);
    std::erase_if(changed, [&](const std::string& key) {
        return content::read_referrer(key) != *std::next(referrers.begin(), which);
    });
    index.toggle(changed);
    const VerifyReport report = verify(fixture.store).value();
    CHECK(says(report, id, "its index of references lacks"));
    CHECK(says(report, id, "which no document says"));
}
