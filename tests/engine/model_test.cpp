// Goal: whatever is done, the store answers what the rules say. Method: random writes of several
// commands each run on the store and on a model of plain maps; after each the two are compared, and
// snapshots held from earlier must still read the model as it was. A failure prints the seed, the
// write and its commands.
#include <verso/maintenance.hpp>

#include "engine/fixture.hpp"
#include "engine/model.hpp"
#include "less_if_sanitized.hpp"
#include "storage/temporary_folder.hpp"

#include <random>

using namespace verso;
using namespace verso::engine;
using test::less_if_sanitized;

namespace {

constexpr std::array kinds{Kind::definition, Kind::parameter, Kind::example};

/// What the commands draw from: small sets, so that names meet.
struct Dice {
    std::mt19937_64 random;

    std::size_t below(std::size_t count) { return random() % count; }
    bool one_in(std::size_t count) { return below(count) == 0; }
    template <std::size_t size>
    std::string any(const char* const (&names)[size]) {
        return names[below(size)];
    }
    std::string connection_name() { return any({"GitHub", "Jira", "Slack", "Stripe"}); }
    std::string version_name() {
        return any({"1", "2", "3", "4", "5", "6", "7", "8", "9", "latest", "default", " x"});
    }
    std::string resource_name() { return "r" + std::to_string(below(24)); }
    OrganisationId organisation() { return one_in(2) ? acme() : umbrella(); }
};

struct HeldSnapshot {
    Snapshot snapshot;
    Model model;
};

class Walk {
public:
    explicit Walk(std::uint64_t seed) : dice_{std::mt19937_64(seed)} { open(); }

    /// One random write, or what happens between writes; then the store is what the model says.
    void step();
    /// Every version that there is, in full.
    void check_all();

    [[nodiscard]] const std::string& told() const noexcept { return told_; }

private:
    void open() { store_.emplace(Store::open(path_, options()).value()); }
    Options options() {
        return {.durability = Durability::none,
                .map_size_bytes = std::uint64_t{1} << 30,
                .clock = clock_.function()};
    }

    void write();
    void command(Transaction& transaction);
    void connection_command(Transaction& transaction);
    void create_version(Transaction& transaction);
    void update_version(Transaction& transaction);
    void edit(Transaction& transaction);
    void leave_pending(Transaction& transaction);
    void compare(const Reader& reader);

    void change(Draft& draft, ModelContent& content);
    void put(Draft& draft, ModelContent& content);

    /// A connection, mostly one that there is.
    ConnectionId any_connection();
    /// A version's name, mostly that of one that there is, or that is a draft where one is wanted.
    std::string any_version(ConnectionId id, bool is_draft = false);
    std::optional<ResourceId> any_resource();
    void check(const Reader& reader, Model& model, ConnectionId id);
    void check_content(const Reader& reader, const VersionKey& key, const ModelContent& content);

    template <class T>
    void agree(const Result<T>& result, const Failing& expected) {
        const std::string answered(result ? "success" : name(result.error().code));
        REQUIRE(answered == (expected ? name(*expected) : "success"));
    }
    void tell(const std::string& what) { told_ += "\n  " + what; }

    Dice dice_;
    storage::TemporaryFolder folder_;
    std::filesystem::path path_ = folder_ / "store.verso";
    TestClock clock_;
    std::optional<Store> store_;
    Model model_;
    std::vector<HeldSnapshot> held_;
    std::map<std::string, Digest> digests_;  // of every content that was seen
    std::map<Digest, std::string> contents_;
    std::string told_;
};

void Walk::step() {
    told_.clear();
    clock_.move(one_ms * (dice_.one_in(20) ? -50 : static_cast<int>(dice_.below(3))));
    if (dice_.one_in(100)) {
        tell("reopen");
        held_.clear();
        store_.reset();
        open();
        check_all();
    } else if (dice_.one_in(30) && held_.size() < 4) {
        held_.push_back({store_->snapshot().value(), model_});
    } else if (dice_.one_in(30) && !held_.empty()) {
        tell("read a held snapshot");
        HeldSnapshot held = std::move(held_.back());
        held_.pop_back();
        for (const auto& [id, each] : held.model.connections())
            check(held.snapshot, held.model, id);
    } else {
        write();
    }
}

void Walk::write() {
    const Model before = model_;
    const bool gives_up = dice_.one_in(10);
    const auto written = store_->write([&](Transaction& transaction) -> Result<void> {
        model_.set_now(clock_.now());
        for (std::size_t left = 1 + dice_.below(3); left > 0; --left) command(transaction);
        if (gives_up) return Error{Errc::option_invalid, "given up", {}};
        return {};
    });
    REQUIRE(written.has_value() != gives_up);
    if (gives_up) model_ = before;
    model_.flush();
    const Snapshot snapshot = store_->snapshot().value();
    const ConnectionId touched = any_connection();
    if (model_.connections().contains(touched)) check(snapshot, model_, touched);
    if (dice_.one_in(3)) compare(snapshot);
}

void Walk::command(Transaction& transaction) {
    const std::size_t choice = dice_.below(100);
    if (choice < 4) return connection_command(transaction);
    if (choice < 20) return create_version(transaction);
    if (choice < 32) return update_version(transaction);
    if (choice < 75) return edit(transaction);
    if (choice < 90) return leave_pending(transaction);
    const ConnectionId connection = any_connection();
    const std::string name = any_version(connection);
    const VersionKey key{connection, name};
    if (choice < 95) {
        tell("publish " + name);
        agree(transaction.publish(key), model_.publish(key));
    } else {
        const bool force = dice_.one_in(3);
        tell("delete version " + name);
        agree(transaction.delete_version(key, force), model_.delete_version(key, force));
    }
}

void Walk::connection_command(Transaction& transaction) {
    const std::string name = dice_.connection_name();
    const std::size_t choice = dice_.below(10);
    if (choice < 4) {
        const OrganisationId organisation = dice_.organisation();
        tell("create connection " + name);
        const auto made = transaction.create_connection(organisation, {.name = name});
        const ConnectionId id = made ? made->id : ConnectionId{};
        agree(made, model_.create_connection(id, organisation, name));
        return;
    }
    const ConnectionId id = any_connection();
    if (choice < 9) {
        const Document properties = document(R"({"n":)" + std::to_string(dice_.below(3)) + "}");
        tell("update connection to " + name);
        agree(transaction.update_connection(id, name, properties),
              model_.update_connection(id, name, properties));
    } else {
        const bool force = dice_.one_in(4);
        tell("delete connection");
        agree(transaction.delete_connection(id, force), model_.delete_connection(id, force));
    }
}

void Walk::create_version(Transaction& transaction) {
    const ConnectionId connection = any_connection();
    NewVersion version{.name = dice_.version_name()};
    if (!dice_.one_in(4)) version.from_version = any_version(connection);
    if (dice_.one_in(4)) version.description = "made";
    tell("create version " + version.name + " from " + version.from_version.value_or("nothing"));
    const auto made = transaction.create_version(connection, version);
    agree(made, model_.create_version(connection, version));
    if (made) model_.find({connection, version.name})->answered.id = made->id;
}

void Walk::update_version(Transaction& transaction) {
    const ConnectionId connection = any_connection();
    const std::string name = any_version(connection, dice_.one_in(2));
    VersionUpdate update;
    if (dice_.one_in(4)) update.name = dice_.version_name();
    if (dice_.one_in(3)) update.description = std::to_string(dice_.below(3));
    if (dice_.one_in(2)) update.is_default = dice_.one_in(2);
    tell("update version " + name + " to " + update.name.value_or(name));
    agree(transaction.update_version({connection, name}, update),
          model_.update_version({connection, name}, update));
}

void Walk::edit(Transaction& transaction) {
    const ConnectionId connection = any_connection();
    const std::string name = any_version(connection, true);
    const VersionKey key{connection, name};
    const bool gives_up = dice_.one_in(10);
    tell("edit " + name + (gives_up ? " and give up" : ""));
    model_.flush();
    const Failing failing = model_.check_draft(key);
    ModelContent content = failing ? ModelContent{} : model_.draft(key);
    const auto edited = transaction.edit(key, [&](Draft& draft) -> Result<void> {
        for (std::size_t left = 1 + dice_.below(10); left > 0; --left) change(draft, content);
        if (gives_up) return Error{Errc::option_invalid, "given up", {}};
        return {};
    });
    agree(edited, failing ? failing : gives_up ? Failing(Errc::option_invalid) : std::nullopt);
    if (!edited) return;
    model_.set_draft(key, std::move(content));
    model_.flush();
}

void Walk::leave_pending(Transaction& transaction) {
    const ConnectionId connection = any_connection();
    const std::string name = any_version(connection, true);
    const VersionKey key{connection, name};
    tell("leave edits pending in " + name);
    auto draft = transaction.draft(key);
    const Failing failing = model_.check_draft(key);
    agree(draft, failing);
    if (failing) return;
    ModelContent content = model_.draft(key);
    for (std::size_t left = 1 + dice_.below(3); left > 0; --left) change(*draft, content);
    for (const Kind kind : kinds) REQUIRE(draft->list(kind).value() == content.list(kind));
    model_.set_draft(key, std::move(content));
}

void Walk::change(Draft& draft, ModelContent& content) {
    if (!dice_.one_in(4)) return put(draft, content);
    const ModelContent::Key key{kinds[dice_.below(kinds.size())], dice_.resource_name()};
    tell("  erase " + key.second);
    agree(draft.erase(key.first, key.second), content.erase(key));
}

void Walk::put(Draft& draft, ModelContent& content) {
    const ModelContent::Key key{kinds[dice_.below(kinds.size())], dice_.resource_name()};
    const std::string text =
        dice_.one_in(60) ? std::string(20'000, 'x') : std::to_string(dice_.below(9));
    std::optional<ResourceId> id;
    if (key.first == Kind::example) {
        const Document put = document(R"({"text":")" + text + R"("})");
        tell("  put example " + key.second);
        const auto made = draft.put(key.first, key.second, put);
        REQUIRE(made.has_value());
        agree(made, content.put(key, id, put.text(), made->id));
        REQUIRE(made->id == *id);
        return;
    }
    const Document stored =
        key.first == Kind::parameter ? parameter(key.second, text) : definition(key.second, text);
    if (dice_.one_in(2)) id = any_resource();
    const Document put =
        id ? document(R"({"id":")" + to_string(*id) + R"(",)" + stored.text().substr(1)) : stored;
    tell("  put " + key.second + (id ? " by id " + to_string(*id) : ""));
    const auto made = draft.put(key.first, put);
    agree(made, content.put(key, id, stored.text(), made ? made->id : ResourceId{}));
    if (made) REQUIRE(made->id == *id);
}

void Walk::compare(const Reader& reader) {
    const ConnectionId connection = any_connection();
    const std::string from = any_version(connection);
    const std::string to = any_version(connection);
    const ModelVersion* a = model_.find({connection, from});
    const ModelVersion* b = model_.find({connection, to});
    if (!a || !b) return;
    tell("compare " + from + " with " + to);
    REQUIRE(reader.compare({connection, from}, {connection, to}).value() ==
            a->content->compare(*b->content));
}

ConnectionId Walk::any_connection() {
    auto& connections = model_.connections();
    if (connections.empty() || dice_.one_in(40)) return numbered<ConnectionId>(99);
    return std::next(connections.begin(),
                     static_cast<std::ptrdiff_t>(dice_.below(connections.size())))
        ->first;
}

std::string Walk::any_version(ConnectionId id, bool is_draft) {
    const auto connection = model_.connections().find(id);
    Names names;
    if (connection != model_.connections().end())
        for (const auto& [name, each] : connection->second.versions)
            if (!is_draft || !each.answered.published_at) names.push_back(name);
    if (names.empty() || dice_.one_in(10)) return dice_.version_name();
    return names[dice_.below(names.size())];
}

std::optional<ResourceId> Walk::any_resource() {
    const ConnectionId connection = any_connection();
    const ModelVersion* version = model_.find({connection, any_version(connection)});
    if (!version || version->content->resources().empty()) return std::nullopt;
    const auto& resources = version->content->resources();
    return std::next(resources.begin(), static_cast<std::ptrdiff_t>(dice_.below(resources.size())))
        ->second.id;
}

void Walk::check(const Reader& reader, Model& model, ConnectionId id) {
    const ModelConnection& expected = model.connections().at(id);
    REQUIRE(reader.connection(id).value() == expected.answered);
    REQUIRE(reader.versions(id).value() == model.list(id));
    REQUIRE(reader.count_versions(id).value() == expected.versions.size());
    for (const auto& [name, each] : expected.versions)
        check_content(reader, {id, name}, *each.content);
    for (const char* alias : {"latest", "default"}) {
        const auto found = reader.find_version({id, alias}).value();
        const ModelVersion* meant = model.find({id, alias});
        REQUIRE(found.has_value() == (meant != nullptr));
        if (found) REQUIRE(found->id == meant->answered.id);
    }
}

void Walk::check_content(const Reader& reader, const VersionKey& key, const ModelContent& content) {
    std::string whole;
    for (const Kind kind : kinds) {
        const auto expected = content.list(kind);
        REQUIRE(reader.resources(key, kind).value() == expected);
        REQUIRE(reader.count_resources(key, kind).value() == expected.size());
        for (const Resource& each : expected) {
            whole += std::string(to_string(kind)) + each.name + to_string(each.id) +
                     each.document.text();
            if (dice_.one_in(8)) REQUIRE(reader.find_resource(key, each.id).value() == each);
        }
    }
    const Digest digest = reader.digest(key).value();
    REQUIRE(digests_.try_emplace(whole, digest).first->second == digest);
    REQUIRE(contents_.try_emplace(digest, whole).first->second == whole);
}

void Walk::check_all() {
    const Snapshot snapshot = store_->snapshot().value();
    for (const auto& [id, each] : model_.connections()) check(snapshot, model_, id);
    for (const OrganisationId organisation : {acme(), umbrella()}) {
        std::vector<Connection> expected;
        for (const auto& [id, each] : model_.connections())
            if (each.answered.organisation == organisation) expected.push_back(each.answered);
        REQUIRE(snapshot.connections(organisation).value() == expected);
    }
    check_is_sound(*store_);
}

}  // namespace

TEST_CASE("model: random writes leave the store as the model says", "[engine]") {
    const auto seed = GENERATE(range(1, 5));
    Walk walk(static_cast<std::uint64_t>(seed));
    for (std::uint64_t step = 0; step < less_if_sanitized(2000, 1000); ++step) {
        try {
            walk.step();
        } catch (...) {
            WARN("with seed " << seed << " in step " << step << ":" << walk.told());
            throw;
        }
    }
    walk.check_all();
}
