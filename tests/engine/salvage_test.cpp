// Goal: of a damaged file everything that still verifies comes into a new store, which is sound,
// and what is lost is told. Method: random histories, harmed in single records, in chunks, and
// blindly in their pages.
#include "engine/bundle/bundles.hpp"
#include "engine/patient.hpp"

#include "engine/payloads.hpp"
#include "less_if_sanitized.hpp"
#include "storage/lmdb/raw_file.hpp"
#include "storage/temporary_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

using namespace verso;
using namespace verso::engine;
using storage::page_bytes;

namespace {

/// Where salvaged stores go.
class Clinic {
public:
    struct Salvaged {
        SalvageReport report;
        Store store;
    };

    [[nodiscard]] Salvaged salvage(const std::filesystem::path& damaged) {
        return try_salvage(damaged).value();
    }
    [[nodiscard]] Result<Salvaged> salvage_bytes(const std::string& bytes) {
        const auto path = folder_ / "damaged";
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
        return try_salvage(path);
    }
    /// What is left in the folder but salvaged stores and their locks.
    [[nodiscard]] std::size_t leftovers() const {
        std::size_t count = 0;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path())) {
            const std::string name = entry.path().filename().string();
            count += name.find("scratch") != name.npos || name.find("salvage-") != name.npos;
        }
        return count;
    }

private:
    Result<Salvaged> try_salvage(const std::filesystem::path& damaged) {
        const auto path = folder_ / ("salvaged-" + std::to_string(++count_));
        auto report = verso::salvage(damaged, path);
        if (!report) return report.error();
        for (const Damage& loss : report->losses)
            UNSCOPED_INFO("lost: " << loss.where << ": " << loss.message);
        Salvaged salvaged{std::move(*report),
                          Store::open(path, {.durability = Durability::none}).value()};
        check_is_sound(salvaged.store);
        return salvaged;
    }

    storage::TemporaryFolder folder_;
    int count_ = 0;
};

bool tells(const SalvageReport& report, std::string_view where, std::string_view what) {
    return std::ranges::any_of(report.losses, [&](const Damage& loss) {
        return loss.where.find(where) != std::string::npos &&
               loss.message.find(what) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("salvage: of a file that is well everything comes, with its history", "[engine]") {
    const auto seed = GENERATE(range(1U, 8U));
    CAPTURE(seed);
    Fixture fixture(with_fixed_secret(seed));
    RandomHistory history(fixture, seed);
    history.change(80);
    const HistoryLimits limits{.max_commits = 7};
    fixture.store.set_history_limits(fixture.connection, limits).value();
    Clinic clinic;
    const auto [report, store] = clinic.salvage(fixture.store.path());
    CHECK(report.losses_total == 0);
    CHECK(report.connections == 1);
    CHECK(report.versions == history.names().size());
    CHECK(report.versions_without_history == 0);
    CHECK(report.versions_incomplete == 0);
    CHECK(difference(bundle_of(store, fixture.connection),
                     bundle_of(fixture.store, fixture.connection)) == "");
    CHECK(store.snapshot().value().history_limits(fixture.connection).value() == limits);
    CHECK(clinic.leftovers() == 0);
}

TEST_CASE("salvage: a store of several organisations comes whole", "[engine]") {
    const Patient patient;
    Clinic clinic;
    const auto [report, store] = clinic.salvage(patient.store.path());
    CHECK(report.losses_total == 0);
    CHECK(report.connections == 3);
    for (const ConnectionId id : {patient.connection, patient.mirror, patient.foreign})
        CHECK(difference(bundle_of(store, id), bundle_of(patient.store, id)) == "");
}

TEST_CASE("salvage: what a damaged version lacks is told, and the others are whole", "[engine]") {
    const Patient patient;
    const auto whole = content_of(patient.store, {patient.connection, "3"});
    Clinic clinic;
    SECTION("a document") {
        const auto pieces = patient.chunks(storage::ChunkKind::payload);
        patient.drop_chunk(storage::ChunkKind::payload, pieces.begin()->first);
        const auto [report, store] = clinic.salvage(patient.store.path());
        CHECK(report.versions == 5);
        CHECK(report.versions_incomplete >= 1);
        CHECK(tells(report, "version \"1\"", "parameter \""));
        CHECK(content_of(store, {patient.connection, "3"}) == whole);
        const auto kept = store.snapshot().value();
        CHECK(kept.resources({patient.connection, "1"}, Kind::parameter).value().size() >= 39);
        CHECK(kept.version({patient.connection, "1"}).value().id ==
              patient.store.snapshot().value().version({patient.connection, "1"}).value().id);
    }
    SECTION("the root of its tree") {
        patient.drop_chunk(storage::ChunkKind::node, patient.commit(patient.head("1")).root.id);
        const auto [report, store] = clinic.salvage(patient.store.path());
        CHECK(tells(report, "version \"1\"", "node "));
        CHECK(store.snapshot().value().version({patient.connection, "1"}).has_value());
        CHECK(content_of(store, {patient.connection, "3"}) == whole);
    }
    SECTION("a node, where another one is") {
        const auto nodes = patient.chunks(storage::ChunkKind::node);
        const auto leaf = std::ranges::find_if(nodes, [](const auto& node) {
            return tree::NodeView(node.first, node.second).is_leaf();
        });
        const auto other = std::ranges::find_if(std::next(leaf), nodes.end(), [](const auto& node) {
            return tree::NodeView(node.first, node.second).is_leaf();
        });
        patient.rewrite_chunk(storage::ChunkKind::node, leaf->first, other->second);
        const auto [report, store] = clinic.salvage(patient.store.path());
        CHECK(tells(report, "version \"1\"", "node " + std::to_string(leaf->first)));
        CHECK(report.versions_incomplete >= 1);
        CHECK(content_of(store, {patient.connection, "3"}) == whole);
    }
    SECTION("its newest commit") {
        patient.erase_raw(storage::Table::commits, key::commit(patient.head("1")));
        const auto [report, store] = clinic.salvage(patient.store.path());
        CHECK(tells(report, patient.where("1"), "its newest commit"));
        CHECK(content_of(store, {patient.connection, "3"}) == whole);
    }
    SECTION("its connection's name") {
        patient.erase_raw(key::connection_record(patient.connection));
        const auto [report, store] = clinic.salvage(patient.store.path());
        CHECK(tells(report, "connection " + to_string(patient.connection), "its name"));
        const auto connection = store.snapshot().value().connection(patient.connection).value();
        CHECK(connection.name == "salvaged " + to_string(patient.connection));
        CHECK(connection.organisation == acme());
        CHECK(content_of(store, {patient.connection, "3"}) == whole);
    }
    SECTION("its connection's name, and its place in its organisation's list") {
        patient.erase_raw(key::connection_record(patient.connection));
        patient.erase_raw(key::organisation(acme()) +
                          std::string(bytes_of(patient.connection.value)));
        const auto [report, store] = clinic.salvage(patient.store.path());
        const auto connection = store.snapshot().value().connection(patient.connection).value();
        CHECK(connection.organisation == acme());  // whose documents it has
        CHECK(content_of(store, {patient.connection, "3"}) == whole);
    }
    SECTION("when it was changed, and its default") {
        const Timestamp updated =
            patient.store.snapshot().value().connection(patient.connection).value().updated_at;
        patient.erase_raw(key::connection_state(patient.connection));
        const auto [report, store] = clinic.salvage(patient.store.path());
        CHECK(tells(report, patient.where(), "default"));
        const auto kept = store.snapshot().value();
        CHECK(kept.connection(patient.connection).value().updated_at == updated);
        CHECK(kept.version({patient.connection, "default"}).value().name == "3");  // the latest
        CHECK(content_of(store, {patient.connection, "3"}) == whole);
    }
    SECTION("the store's own record") {
        patient.erase_raw(key::store());
        const auto [report, store] = clinic.salvage(patient.store.path());
        CHECK(report.losses_total == 0);
        CHECK(content_of(store, {patient.connection, "3"}) == whole);
    }
}

TEST_CASE("salvage: a version that no store takes keeps no other one back", "[engine]") {
    const Patient patient;
    const auto whole = content_of(patient.store, {patient.connection, "3"});
    const auto log = commits_of(patient.store, {patient.connection, "3"});
    patient.change_version("2", [](VersionRecord& version) { version.name = "latest"; });
    Clinic clinic;
    const auto [report, store] = clinic.salvage(patient.store.path());
    CHECK(tells(report, "version \"latest\"", "all of it"));
    CHECK(report.versions == 4);
    CHECK(report.versions_incomplete == 0);
    CHECK(report.versions_without_history == 0);
    CHECK(content_of(store, {patient.connection, "3"}) == whole);
    CHECK(commits_of(store, {patient.connection, "3"}).size() == log.size());
    CHECK(store.snapshot().value().version({patient.connection, "1"}).value().is_default);
}

TEST_CASE("salvage: of a connection that has lost its name its organisation's list tells",
          "[engine]") {
    Patient patient;
    const ConnectionId empty =
        patient.store.create_connection(umbrella(), {.name = "Empty"}).value().id;
    patient.erase_raw(key::connection_record(empty));
    patient.put_raw(key::organisation(acme()).substr(0, 1));  // what is no id there is passed by
    patient.put_raw(key::organisation(umbrella()) + "no id");
    patient.put_raw(key::connections() + "no id");
    Clinic clinic;
    const auto [report, store] = clinic.salvage(patient.store.path());
    CHECK(report.connections == 4);
    CHECK(report.versions == 5);
    const auto connection = store.snapshot().value().connection(empty).value();
    CHECK(connection.name == "salvaged " + to_string(empty));
    CHECK(connection.organisation == umbrella());
}

TEST_CASE("salvage: whatever becomes of the pages, the rest comes", "[engine]") {
    const auto seed = GENERATE(range(1U, 60U));
    CAPTURE(seed);
    Fixture fixture(with_fixed_secret(1));
    RandomHistory history(fixture, 1);
    history.change(200);
    const std::string expected = bundle_of(fixture.store, fixture.connection);
    std::string bytes = storage::read_file(fixture.store.path());
    std::mt19937_64 random(seed);
    const std::size_t pages = bytes.size() / page_bytes;
    for (std::uint64_t harms = 1 + random() % 3; harms > 0; --harms) {
        const auto page = [&] {
            return bytes.begin() + static_cast<std::ptrdiff_t>(random() % pages * page_bytes);
        };
        switch (random() % 4) {
            case 0: std::fill_n(page(), page_bytes, '\0'); break;
            case 1: std::copy_n(page(), page_bytes, page()); break;
            case 2: {
                const auto one = page();
                std::swap_ranges(one, one + page_bytes, page());
                break;
            }
            default: {
                char& byte = bytes[random() % bytes.size()];
                byte = static_cast<char>(byte ^ (1 << random() % 8));
            }
        }
    }
    Clinic clinic;
    const auto salvaged = clinic.salvage_bytes(bytes);
    CHECK(clinic.leftovers() == 0);
    if (!salvaged) {  // both header pages are gone, or what they lead to
        CHECK(salvaged.error().code == Errc::store_invalid);
        return;
    }
    if (salvaged->report.losses_total == 0)
        CHECK(difference(bundle_of(salvaged->store, fixture.connection), expected) == "");
}

TEST_CASE("salvage: pages that lead back to themselves have an end", "[engine]") {
    using storage::lmdb::Page;
    Fixture fixture(with_fixed_secret(1));
    RandomHistory history(fixture, 1);
    history.change(200);
    const std::string sound = storage::read_file(fixture.store.path());
    int circles = 0;
    for (std::size_t at = 2 * page_bytes; at < sound.size(); at += page_bytes) {
        const Page page(BytesView(sound).substr(at, page_bytes));
        if (!page.is_branch() || page.count() < 3) continue;
        // In two of the pages below it: so the ways through them double with each level.
        std::string bytes = sound;
        for (std::size_t i = 1; i < 3; ++i)
            bytes.replace(page.node(i).child() * page_bytes, page_bytes, sound, at, page_bytes);
        ++circles;
        Clinic clinic;
        ::alarm(60);
        const auto salvaged = clinic.salvage_bytes(bytes);
        ::alarm(0);
        if (salvaged) CHECK(salvaged->report.losses_total > 0);
    }
    CHECK(circles > 3);
}

TEST_CASE("salvage: where the header pages are of different times, that is told", "[engine]") {
    Patient patient;
    patient.store.create_version(patient.connection, {.name = "the last change"}).value();
    const std::string sound = storage::read_file(patient.store.path());
    for (const std::size_t page : {std::size_t{0}, page_bytes}) {
        for (const int bit : {3, 5}) {
            std::string bytes = sound;
            char& byte = bytes[page + storage::lmdb::FileHeader::transaction_id_at];
            byte = static_cast<char>(byte ^ (1 << bit));
            Clinic clinic;
            const auto [report, store] = clinic.salvage_bytes(bytes).value();
            CHECK(tells(report, "header", "last change may be missing"));
            CHECK(report.connections == 3);
            CHECK(difference(bundle_of(store, patient.connection),
                             bundle_of(patient.store, patient.connection)) == "");
        }
    }
}

TEST_CASE("salvage: what cannot be salvaged is refused, and nothing is made", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto target = folder / "new";
    CHECK(error_of(salvage(folder / "missing", target), {"missing"}) == Errc::store_not_found);
    std::ofstream(folder / "text") << "no store at all";
    CHECK(error_of(salvage(folder / "text", target), {"no store"}) == Errc::store_invalid);
    std::ofstream(folder / "empty");
    CHECK(error_of(salvage(folder / "empty", target)) == Errc::store_invalid);
    REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
    for (const auto& irregular : {folder.path(), folder / "pipe"})
        CHECK(error_of(salvage(irregular, target), {"not a file that could hold a store"}) ==
              Errc::store_invalid);
    CHECK_FALSE(std::filesystem::exists(target));
    const Patient patient;
    CHECK(error_of(salvage(patient.store.path(), folder / "text"), {"there already"}) ==
          Errc::option_invalid);
    CHECK(storage::read_file(folder / "text") == "no store at all");
}

namespace {

/// What a commit holds, and the chunks that each of it takes to be read.
class CommitContent {
public:
    CommitContent(const Store& store, const Commit& commit)
        : transaction_(StoreAccess::state(store).storage().begin_read()) {
        const auto record = CommitRecord::decode(
            transaction_->find(storage::Table::commits, key::commit(commit.number)).value());
        std::vector<std::string> way;
        if (record.root.id != 0) collect(record.root.id, way);
    }

    /// As content_of() says it, without what lies in these.
    [[nodiscard]] std::string without(const std::set<std::string>& chunks) const {
        std::string text;
        for (const auto& [line, needed] : lines_)
            if (std::ranges::none_of(needed, [&](const auto& id) { return chunks.contains(id); }))
                text += line;
        return text;
    }

    /// Whether one of these is part of it.
    [[nodiscard]] bool has_any(const std::set<std::string>& chunks) const {
        return std::ranges::any_of(chunks, [&](const auto& id) { return chunks_.contains(id); });
    }

private:
    void collect(tree::NodeId id, std::vector<std::string>& way) {
        way.push_back("node " + std::to_string(id));
        chunks_.insert(way.back());
        const std::string bytes(transaction_->chunk(storage::ChunkKind::node, id));
        const tree::NodeView node(id, bytes);
        for (std::size_t i = 0; i < node.size(); ++i) {
            if (!node.is_leaf())
                collect(node.child_id(i), way);
            else if (node.key(i).starts_with(static_cast<char>(content::Section::resources)))
                take(node.entry(i), way);
        }
        way.pop_back();
    }

    void take(const tree::Entry& entry, std::vector<std::string> needed) {
        const auto key = content::read_resource_key(entry.key);
        const auto value = content::ResourceValue::decode(entry.value);
        const std::uint64_t first = entry.locator.payload;
        for (std::uint64_t id = first; id < first + piece_count(value.size_bytes); ++id)
            chunks_.insert(needed.emplace_back("payload " + std::to_string(id)));
        lines_.emplace_back(std::string(to_string(key.kind)) + ' ' + to_string(value.id) + ' ' +
                                std::string(key.name) + ' ' +
                                load_payload(*transaction_, first, value.size_bytes) + '\n',
                            std::move(needed));
    }

    std::unique_ptr<storage::ReadTransaction> transaction_;
    std::vector<std::pair<std::string, std::vector<std::string>>> lines_;
    std::set<std::string> chunks_;
};

/// Drops a few, and answers which.
std::set<std::string> drop_chunks(storage::WriteTransaction& raw, std::mt19937_64& random) {
    std::set<std::string> dropped;
    for (const auto kind : {storage::ChunkKind::node, storage::ChunkKind::payload}) {
        const std::string name = kind == storage::ChunkKind::node ? "node " : "payload ";
        std::vector<storage::ChunkId> ids;
        raw.each_chunk(kind, [&](storage::ChunkId id, BytesView) {
            ids.push_back(id);
            return true;
        });
        for (std::uint64_t count = random() % 4; count > 0 && !ids.empty(); --count) {
            const storage::ChunkId id = ids[random() % ids.size()];
            if (dropped.insert(name + std::to_string(id)).second) raw.drop(kind, id);
        }
    }
    return dropped;
}

}  // namespace

TEST_CASE("salvage: every commit keeps what of it can be read", "[engine]") {
    std::size_t incomplete = 0;
    std::size_t whole_without_index = 0;
    for (std::uint64_t seed = 0; seed < test::less_if_sanitized(100, 20); ++seed) {
        Fixture fixture(with_fixed_secret(seed));
        RandomHistory history(fixture, seed, false);
        history.change(60);
        std::map<std::string, std::vector<CommitContent>> contents;
        for (const std::string& name : history.names())
            for (const Commit& commit : commits_of(fixture.store, fixture.key(name)))
                contents[name].emplace_back(fixture.store, commit);

        std::mt19937_64 random(seed);
        const auto raw = StoreAccess::state(fixture.store).storage().begin_write({});
        const auto dropped = drop_chunks(*raw, random);
        if (seed % 5 == 0) REQUIRE(raw->erase(storage::Table::records, key::store()));
        raw->commit();

        Clinic clinic;
        const auto [report, store] = clinic.salvage(fixture.store.path());
        const Snapshot after = store.snapshot().value();
        CHECK(report.versions == history.names().size());
        CHECK(report.versions_without_history == 0);
        std::size_t incomplete_versions = 0;
        for (const auto& [name, commits] : contents) {
            INFO("seed " << seed << ", version " << name);
            const auto original = commits_of(fixture.store, fixture.key(name));
            const auto log = commits_of(store, fixture.key(name));
            const VersionId version = after.version(fixture.key(name)).value().id;
            std::size_t older_incomplete = 0;  // that it wrote
            REQUIRE(log.size() == commits.size());
            for (std::size_t i = 0; i < commits.size(); ++i) {
                INFO("commit " << i << " from the newest");
                VersionKey key = fixture.key(name);
                key.commit = log[i].number;
                const std::string expected = commits[i].without(dropped);
                REQUIRE(content_of(store, key) == expected);
                const bool is_incomplete = expected != commits[i].without({});
                incomplete += is_incomplete;
                incomplete_versions += i == 0 && is_incomplete;
                const bool is_the_same = log[i].id == original[i].id;
                // Of a node that had the first ids nothing says that it had no resources.
                CHECK(!(is_the_same && is_incomplete));
                CHECK((is_the_same || commits[i].has_any(dropped)));
                whole_without_index += is_the_same && commits[i].has_any(dropped);
                older_incomplete += i > 0 && !is_the_same && log[i].version == version;
            }
            const std::string told = "of its older commits, " + std::to_string(older_incomplete);
            CHECK(tells(report, "\"" + name + "\"", told + " lack") == (older_incomplete > 0));
        }
        CHECK(report.versions_incomplete >= incomplete_versions);
    }
    CHECK(incomplete > 100);
    CHECK(whole_without_index > 0);
}

TEST_CASE("salvage: versions keep their content where commits before it are missing", "[engine]") {
    std::size_t emptied = 0;
    std::size_t cut_off = 0;
    for (std::uint64_t seed = 0; seed < test::less_if_sanitized(100, 20); ++seed) {
        Fixture fixture(with_fixed_secret(seed));
        RandomHistory history(fixture, seed);
        history.change(60);
        std::map<std::string, std::vector<Commit>> logs;
        std::map<std::string, CommitContent> contents;
        std::vector<std::uint64_t> numbers;
        for (const std::string& name : history.names()) {
            logs[name] = commits_of(fixture.store, fixture.key(name));
            contents.emplace(name, CommitContent(fixture.store, logs[name].front()));
            for (const Commit& commit : logs[name]) numbers.push_back(commit.number);
        }
        std::mt19937_64 random(seed);
        const auto raw = StoreAccess::state(fixture.store).storage().begin_write({});
        const auto dropped = drop_chunks(*raw, random);
        std::set<std::uint64_t> lost;
        for (std::uint64_t count = 1 + random() % 3; count > 0; --count)
            if (const auto id = numbers[random() % numbers.size()]; lost.insert(id).second)
                REQUIRE(raw->erase(storage::Table::commits, key::commit(id)));
        raw->commit();

        Clinic clinic;
        const auto [report, store] = clinic.salvage(fixture.store.path());
        CHECK(report.versions == history.names().size());
        std::size_t without_history = 0;
        for (const std::string& name : history.names()) {
            INFO("seed " << seed << ", version " << name);
            const bool has_head = !lost.contains(logs[name].front().number);
            REQUIRE(content_of(store, fixture.key(name)) ==
                    (has_head ? contents.at(name).without(dropped) : ""));
            emptied += !has_head;
            const bool has_history = std::ranges::none_of(
                logs[name], [&](const Commit& commit) { return lost.contains(commit.number); });
            without_history += !has_history;
            cut_off += has_head && !has_history;
        }
        CHECK(report.versions_without_history == without_history);
    }
    CHECK(emptied > 10);
    CHECK(cut_off > 10);
}

TEST_CASE("salvage: what versions share they share afterwards", "[engine]") {
    Fixture fixture(with_fixed_secret(1));
    fixture.create("0");
    const auto text = [](int number) {
        return R"({"name":"p)" + std::to_string(number) + R"(","in":"query","type":"string"})";
    };
    std::vector<Document> documents;
    for (int i = 0; i < 300; ++i) documents.push_back(Document::parse(text(i)).value());
    fixture.store
        .edit(fixture.key("0"),
              [&](Draft& draft) -> Result<void> {
                  auto put = draft.put(Kind::parameter, documents);
                  if (!put) return put.error();
                  return {};
              })
        .value();
    for (int i = 1; i < 40; ++i) {
        fixture.clone(std::to_string(i), std::to_string(i - 1));
        fixture.store
            .put(fixture.key(std::to_string(i)), Kind::parameter,
                 Document::parse(text(1000 + i)).value())
            .value();
    }
    const auto nodes = stat(fixture.store).value().node_chunks;
    const auto raw = StoreAccess::state(fixture.store).storage().begin_write({});
    raw->drop(storage::ChunkKind::payload, 100);
    raw->commit();

    Clinic clinic;
    const auto [report, store] = clinic.salvage(fixture.store.path());
    CHECK(report.versions == 40);
    CHECK(report.versions_incomplete == 40);
    CHECK(report.versions_without_history == 0);
    // Forty copies would have ten times as many; the new store's secret may shape the trees anyhow.
    CHECK(stat(store).value().node_chunks < 4 * nodes);
    CHECK(commits_of(store, fixture.key("39")).size() ==
          commits_of(fixture.store, fixture.key("39")).size());
}
