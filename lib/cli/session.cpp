#include "cli/session.hpp"

#include "cli/text.hpp"
#include "domain/failure.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>

namespace verso::cli {

namespace {

/// The largest description that can be imported (256 MiB), and as much white space again. What has
/// no end, as a device, must not take all memory.
constexpr std::size_t max_input_bytes = std::size_t{512} << 20;

std::string name_of_input(const std::string& path) { return path == "-" ? "standard input" : path; }

[[noreturn]] void fail_reading(const std::string& path) {
    const std::string reason = std::strerror(errno);
    fail(Errc::io_failed, "cannot read " + name_of_input(path) + ": " + reason);
}

std::string read_all(std::FILE* file, const std::string& path) {
    std::string text;
    std::array<char, 64 * 1024> piece{};
    while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), file)) {
        text.append(piece.data(), size);
        if (text.size() > max_input_bytes)
            fail(Errc::limit_exceeded, name_of_input(path) +
                                           " has more than 512 MiB, the most that is read at once; "
                                           "make it smaller");
    }
    if (std::ferror(file) != 0) fail_reading(path);
    return text;
}

}  // namespace

Store& Session::store() { return open(false); }

Store& Session::store_or_new() { return open(true); }

Snapshot Session::snapshot() { return must(store().snapshot()); }

Store& Session::open(bool create) {
    if (store_) return *store_;
    auto opened =
        Store::open(settings_.store, {.create = create, .durability = settings_.durability});
    if (!opened && opened.error().code == Errc::store_not_found && !create)
        fail(Errc::store_not_found,
             "there is no store at " + settings_.store.string() +
                 ". `verso connection create NAME` and `verso import` create one; "
                 "--store PATH or VERSO_STORE names another");
    return store_.emplace(must(std::move(opened)));
}

std::optional<Connection> Session::find_connection(const Reader& reader,
                                                   std::string_view name_or_id) const {
    if (auto named = must(reader.find_connection(settings_.organisation, name_or_id))) return named;
    const auto id = parse_id<ConnectionId>(name_or_id);
    if (!id) return std::nullopt;
    return must(reader.find_connection(settings_.organisation, *id));
}

Connection Session::connection(const Reader& reader, std::string_view name_or_id) const {
    auto found = find_connection(reader, name_or_id);
    if (found) return std::move(*found);
    fail(Errc::connection_not_found, "there is no connection \"" + std::string(name_or_id) +
                                         "\" in organisation " + to_string(settings_.organisation) +
                                         "; `verso connection list` shows those there are");
}

ConnectionVersion Session::version(const Reader& reader, const Connection& connection,
                                   std::string_view name) const {
    if (auto found = must(reader.find_version({connection.id, name}))) return std::move(*found);
    if (name == "latest" || name == "default")
        fail(Errc::version_not_found,
             "\"" + connection.name + "\" has no published version, so there is no \"" +
                 std::string(name) + "\"; `verso version publish` publishes one");
    fail(Errc::version_not_found, "\"" + connection.name + "\" has no version \"" +
                                      std::string(name) +
                                      "\"; `verso version list` shows those there are");
}

void Session::confirm(std::string_view line) {
    if (settings_.quiet) return;
    print(line);
    print("\n");
}

std::uint64_t count_resources(const Reader& reader, const VersionKey& version) {
    std::uint64_t count = 0;
    for (const Kind kind : all_kinds) count += must(reader.count_resources(version, kind));
    return count;
}

std::string read_input(const std::string& path) {
    if (path == "-") return read_all(stdin, path);
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                               std::fclose);
    if (!file) fail_reading(path);
    return read_all(file.get(), path);
}

Document read_document(const std::string& path) {
    auto document = Document::parse(read_input(path));
    if (document) return std::move(*document);
    Error error = document.error();
    error.message = name_of_input(path) + ": " + error.message;
    fail(std::move(error));
}

std::uint64_t parse_commit(const std::string& text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc{} || at != end || number == 0)
        throw UsageError{in_quotes(text) +
                         " is no commit's number; `verso log` shows those there "
                         "are"};
    return number;
}

Kind parse_kind_argument(const std::string& text) {
    std::string kinds;
    for (const Kind kind : all_kinds) {
        if (text == to_string(kind) || text == plural(kind)) return kind;
        kinds += (kinds.empty() ? "" : ", ") + std::string(to_string(kind));
    }
    throw UsageError{"there is no kind " + in_quotes(text) + "; give one of " + kinds};
}

std::string plural(Kind kind) {
    if (kind == Kind::request_body) return "request_bodies";
    return std::string(to_string(kind)) + 's';
}

}  // namespace verso::cli
