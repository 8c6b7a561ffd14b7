#include "format/scenario.hpp"

#include "domain/hex.hpp"

#include <memory>
#include <random>

namespace verso::format_test {

namespace {

Document document(std::string_view text) { return Document::parse(text).value(); }

std::string action(std::string_view name, std::string_view more = {}) {
    return R"({"name":")" + std::string(name) +
           R"(","type":"http","method":"GET","path":"/ships/{{ param.id }}","ratio":1.10,)"
           R"("parameters":[{"parameter":{"name":"id"}}],"responses":[{"status":200}])" +
           std::string(more) + "}";
}

std::string definition(std::string_view name) {
    return R"({"name":")" + std::string(name) +
           R"(","accept":["application/json"],"schema":)"
           R"({"contentType":"application/schema+json","content":"{}"}})";
}

void fill(Draft& draft) {
    draft
        .put(Kind::parameter,
             document(R"({"name":"id","in":"path","required":true,"type":"string"})"))
        .value();
    for (int i = 0; i < 60; ++i)
        draft.put(Kind::action, document(action("Ship_" + std::to_string(i)))).value();
    draft.put(Kind::definition, document(definition("Ship"))).value();
    draft.put(Kind::trigger, document(R"({"name":"arrived","method":"POST","responses":[{}]})"))
        .value();
    draft.put(Kind::document, "openapi", document(R"({"openapi":"3.0.3"})")).value();
    const std::string large = action("Large", R"(,"x-notes":")" + std::string(40'000, 'n') + '"');
    draft.put(Kind::action, document(large)).value();
}

/// What a second version changes: an edit, a rename, a removal, an addition.
void change(Draft& draft) {
    draft.annotate({.author = "harbour master", .message = "Renames Ship_2"}).value();
    draft.put(Kind::action, document(action("Ship_1", R"(,"x-edited":true)"))).value();
    const std::string id = to_string(draft.get(Kind::action, "Ship_2").value().id);
    draft.put(Kind::action, document(action("Vessel_2", R"(,"id":")" + id + '"'))).value();
    draft.erase(Kind::action, "Ship_3").value();
    draft.put(Kind::definition, document(definition("Berth"))).value();
    const std::string uses = R"(,"requestBody":{"definitions":[{"definition":{"name":"Berth"}}]})";
    draft.put(Kind::action, document(action("Moor", uses))).value();
}

/// What leaves a reference dangling, by name and by id, and an error behind.
void leave_dangling(Draft& draft) {
    const std::string id = to_string(draft.get(Kind::definition, "Berth").value().id);
    const std::string uses =
        R"(,"requestBody":{"definitions":[{"definition":{"id":")" + id + R"("}}]})";
    draft.put(Kind::action, document(action("Leave", uses))).value();
    draft.erase(Kind::definition, "Berth", true).value();
}

std::string to_hex(BytesView bytes) {
    std::string out;
    for (const char byte : bytes) append_hex(out, static_cast<std::uint8_t>(byte));
    return out;
}

template <class Change>
void edit(Store& store, ConnectionId connection, std::string_view version, Change change) {
    store
        .edit({connection, version},
              [&](Draft& draft) -> Result<void> {
                  change(draft);
                  return {};
              })
        .value();
}

}  // namespace

Options repeatable_options() {
    Options options{.durability = Durability::none,
                    .history = {.published_commits = 0},
                    .collect_with_writes = false};
    options.map_size_bytes = std::uint64_t{1} << 26;
    auto seconds = std::make_shared<std::int64_t>(1'767'225'600);  // 2026-01-01
    options.clock = [seconds] { return Timestamp{std::chrono::seconds{++*seconds}}; };
    auto random = std::make_shared<std::mt19937_64>(1);
    options.random = [random](std::span<std::byte> bytes) {
        for (std::byte& byte : bytes) byte = static_cast<std::byte>((*random)() & 0xff);
    };
    return options;
}

void play_scenario(Store& store) {
    const auto owner = parse_id<OrganisationId>(organisation).value();
    const NewConnection harbour{.name = "Hafen Zürich",
                                .properties = document(R"({"baseUrl":"https://x.example"})")};
    const ConnectionId connection = store.create_connection(owner, harbour).value().id;
    store.create_version(connection, {.name = "1.0.0", .description = "First"}).value();
    edit(store, connection, "1.0.0", fill);
    store.publish({connection, "1.0.0"}).value();
    store.create_version(connection, {.name = "1.1.0", .from_version = "latest"}).value();
    edit(store, connection, "1.1.0", change);
    store.publish({connection, "1.1.0"}).value();
    store.update_version({connection, "1.0.0"}, {.is_default = true}).value();
    store.create_version(connection, {.name = "draft", .from_version = "1.1.0"}).value();
    store.update_version({connection, "draft"}, {.name = "2.0.0-β", .description = "Next"}).value();
    edit(store, connection, "2.0.0-β", leave_dangling);
    store.create_version(connection, {.name = "gone", .from_version = "1.1.0"}).value();
    edit(store, connection, "gone",
         [](Draft& draft) { draft.erase(Kind::action, "Ship_9").value(); });
    store.delete_version({connection, "gone"}).value();

    const ConnectionId other = store.create_connection(owner, {.name = "Other"}).value().id;
    store.create_version(other, {.name = "empty"}).value();
    store.create_version(other, {.name = "shares"}).value();
    edit(store, other, "shares",
         [](Draft& draft) { draft.put(Kind::definition, document(definition("Ship"))).value(); });
}

std::string dump(storage::Storage& storage) {
    const auto transaction = storage.begin_read();
    std::string out;
    const auto add = [&](std::string_view where, BytesView key, BytesView value) {
        out.append(where)
            .append(" ")
            .append(to_hex(key))
            .append(" ")
            .append(to_hex(value))
            .append("\n");
        return true;
    };
    using storage::ChunkKind;
    using storage::Table;
    for (const auto& [table, name] : {std::pair{Table::records, "record"},
                                      {Table::commits, "commit"},
                                      {Table::payload_index, "payload_index"}})
        transaction->scan(table, {},
                          [&](BytesView key, BytesView value) { return add(name, key, value); });
    for (const auto& [kind, name] :
         {std::pair{ChunkKind::node, "node"}, {ChunkKind::payload, "payload"}})
        transaction->each_chunk(kind, [&](storage::ChunkId id, BytesView bytes) {
            return add(name, ByteWriter().be(id).view(), bytes);
        });
    return out;
}

}  // namespace verso::format_test
