#include "engine/bundle/lines.hpp"

#include <verso/domain/names.hpp>
#include <verso/library_version.hpp>

#include "domain/failure.hpp"
#include "domain/json_writer.hpp"
#include "domain/resource_reader.hpp"
#include "engine/bundle/member_reader.hpp"

#include <array>

namespace verso::engine::bundle {

namespace {

constexpr std::string_view json_member = R"(","json":)";

constexpr std::array<std::pair<std::string_view, content::Validation>, 3> validations{{
    {"none", content::Validation::none},
    {"clean", content::Validation::clean},
    {"findings", content::Validation::findings},
}};

JsonWriter& uuid_or_null(JsonWriter& json, const Uuid& uuid) {
    return uuid.is_nil() ? json.null() : json.string(format_uuid(uuid));
}

JsonWriter& time(JsonWriter& json, Timestamp time) { return json.string(format_timestamp(time)); }

void finish_line(std::string& out, JsonWriter&& json) {
    out += std::move(json).take();
    out += '\n';
}

Kind read_kind(std::string_view text) {
    const auto kind = parse_kind(text);
    if (!kind) fail(Errc::bundle_invalid, "it is of no kind of resource that there is");
    return *kind;
}

content::Validation read_validation(std::string_view text, Kind kind) {
    for (const auto& [name, validation] : validations) {
        if (name != text) continue;
        if (validation != content::Validation::none && !has_shape(kind))
            MemberReader::refuse("validation", "says more than \"none\" of a kind without rules");
        return validation;
    }
    MemberReader::refuse("validation", "is none of none, clean, findings");
}

/// Takes apart a line that has one form only.
class FixedForm {
public:
    explicit FixedForm(std::string_view line) : rest_(line) {}

    /// What stands before `mark`, which is taken too.
    std::string_view until(std::string_view mark) {
        const std::size_t end = rest_.find(mark);
        if (end == rest_.npos)
            fail(Errc::bundle_invalid,
                 R"(the line of a put is {"put":KIND,"id":UUID,"name":NAME,"digest":DIGEST,)"
                 R"("validation":WORD} exactly)");
        const std::string_view taken = rest_.substr(0, end);
        rest_.remove_prefix(end + mark.size());
        return taken;
    }
    [[nodiscard]] bool is_at_end() const noexcept { return rest_.empty(); }

private:
    std::string_view rest_;
};

}  // namespace

// Out

void append(std::string& out, const HeaderLine& header) {
    JsonWriter json(512 + header.properties.size());
    json.begin_object().key("verso").string("bundle").key("format").number(bundle_format);
    json.key("holds").string(header.holds == Holds::version ? "version" : "connection");
    time(json.key("time"), header.time).key("library").string(library_version);
    json.key("connection").begin_object().key("id").string(to_string(header.connection));
    json.key("name").string(header.name).key("properties").raw(header.properties);
    time(json.key("createdAt"), header.created_at);
    time(json.key("updatedAt"), header.updated_at).end_object();
    json.key("base").begin_array();
    for (const Uuid& commit : header.base) json.string(format_uuid(commit));
    json.end_array().end_object();
    finish_line(out, std::move(json));
}

void append(std::string& out, const VersionLine& version) {
    JsonWriter json(512 + version.description.size());
    json.begin_object().key("version").string(to_string(version.id));
    json.key("name").string(version.name).key("description").string(version.description);
    time(json.key("createdAt"), version.created_at);
    time(json.key("updatedAt"), version.updated_at).key("publishedAt");
    if (version.published_at == Timestamp{})
        json.null();
    else
        time(json, version.published_at);
    json.key("revision").number(version.revision).key("isDefault").boolean(version.is_chosen);
    json.key("head").string(format_uuid(version.head)).key("origin");
    if (version.origin.is_nil()) {
        json.null();
    } else {
        json.begin_object().key("version").string(to_string(version.origin)).key("commit");
        uuid_or_null(json, version.origin_commit).end_object();
    }
    finish_line(out, std::move(json.end_object()));
}

void append(std::string& out, const CommitLine& commit) {
    JsonWriter json(512 + commit.message.size());
    json.begin_object().key("commit").string(format_uuid(commit.id)).key("parent");
    uuid_or_null(json, commit.parent).key("version").string(to_string(commit.line));
    time(json.key("time"), commit.time).key("author").string(commit.author);
    json.key("message").string(commit.message).key("counts").begin_object();
    const auto count = [&](const char* name, std::uint32_t value) {
        json.key(name).number(std::uint64_t{value});
    };
    count("added", commit.counts.added);
    count("changed", commit.counts.changed);
    count("removed", commit.counts.removed);
    count("renamed", commit.counts.renamed);
    json.end_object().key("merged").begin_array();
    for (const MergedLine& merged : commit.merged) {
        json.begin_object().key("version").string(to_string(merged.line));
        json.key("commit").string(format_uuid(merged.commit)).end_object();
    }
    json.end_array().end_object();
    finish_line(out, std::move(json));
}

void append(std::string& out, const DocumentLine& document) {
    out += document_prefix;
    out += to_string(document.digest);
    out += json_member;
    out += document.json;
    out += "}\n";
}

void append(std::string& out, const PutLine& put) {
    out += put_prefix;
    out += to_string(put.kind);
    out += R"(","id":")";
    out += to_string(put.id);
    out += R"(","name":")";
    out += put.name;
    out += R"(","digest":")";
    out += to_string(put.document);
    out += R"(","validation":")";
    out += validations[static_cast<std::size_t>(put.validation)].first;
    out += "\"}\n";
}

void append(std::string& out, const RemovedLine& removed) {
    JsonWriter json;
    json.begin_object().key("removed").string(to_string(removed.kind));
    json.key("id").string(to_string(removed.id)).key("name").string(removed.name).end_object();
    finish_line(out, std::move(json));
}

void append_content(std::string& out, const Uuid& commit) {
    JsonWriter json;
    json.begin_object().key("content").string(format_uuid(commit)).end_object();
    finish_line(out, std::move(json));
}

void append_end(std::string& out, std::uint64_t lines, const Digest& digest) {
    JsonWriter json;
    json.begin_object().key("end").begin_object().key("lines").number(lines);
    json.key("sha256").string(to_string(digest)).end_object().end_object();
    finish_line(out, std::move(json));
}

// In

HeaderLine read_header(JsonView line) {
    MemberReader in(line);
    static_cast<void>(in.text("verso"));
    if (const std::uint64_t format = in.number("format"); format != bundle_format)
        fail(Errc::format_unsupported,
             "the bundle has format " + std::to_string(format) + ", this library reads format " +
                 std::to_string(bundle_format) + "; import it with a newer library");
    HeaderLine header;
    const std::string holds = in.text("holds");
    if (holds != "version" && holds != "connection")
        MemberReader::refuse("holds", "is neither version nor connection");
    header.holds = holds == "version" ? Holds::version : Holds::connection;
    header.time = in.time("time");
    static_cast<void>(in.text("library"));
    MemberReader connection(in.object("connection"));
    header.connection = {connection.uuid("id")};
    header.name = connection.text("name");
    must(check_connection_name(header.name));
    header.properties = connection.object("properties").text();
    header.created_at = connection.time("createdAt");
    header.updated_at = connection.time("updatedAt");
    connection.finish();
    for (const JsonView commit : in.array("base").elements()) {
        std::string scratch;
        if (!commit.is_string()) MemberReader::refuse("base", "has an element that is no string");
        header.base.push_back(parse_plain_uuid("base", commit.string(scratch)));
    }
    in.finish();
    return header;
}

VersionLine read_version(JsonView line) {
    MemberReader in(line);
    VersionLine version;
    version.id = {in.uuid_not_nil("version")};
    version.name = in.text("name");
    must(check_version_name(version.name));
    version.description = in.text("description");
    must(check_text("description", version.description));
    version.created_at = in.time("createdAt");
    version.updated_at = in.time("updatedAt");
    if (const auto published = line.find("publishedAt"); published && published->is_null())
        static_cast<void>(in.any("publishedAt"));
    else
        version.published_at = in.time("publishedAt");
    version.revision = in.number("revision");
    if (version.revision == 0) MemberReader::refuse("revision", "is 0; revisions count from 1");
    version.is_chosen = in.flag("isDefault");
    if (version.is_chosen && version.published_at == Timestamp{})
        MemberReader::refuse("isDefault", "is true of a draft");
    version.head = in.uuid_not_nil("head");
    if (const auto origin = line.find("origin"); origin && origin->is_null()) {
        static_cast<void>(in.any("origin"));
    } else {
        MemberReader of(in.object("origin"));
        version.origin = {of.uuid_not_nil("version")};
        version.origin_commit = of.uuid_or_null("commit");
        of.finish();
    }
    in.finish();
    return version;
}

CommitLine read_commit(JsonView line) {
    MemberReader in(line);
    CommitLine commit;
    commit.id = in.uuid_not_nil("commit");
    commit.parent = in.uuid_or_null("parent");
    commit.line = {in.uuid("version")};
    commit.time = in.time("time");
    commit.author = in.text("author");
    must(check_text("author", commit.author));
    commit.message = in.text("message");
    must(check_text("message", commit.message));
    MemberReader counts(in.object("counts"));
    commit.counts.added = counts.number32("added");
    commit.counts.changed = counts.number32("changed");
    commit.counts.removed = counts.number32("removed");
    commit.counts.renamed = counts.number32("renamed");
    counts.finish();
    for (const JsonView element : in.array("merged").elements()) {
        MemberReader merged(element);
        const VersionId of{merged.uuid("version")};
        commit.merged.push_back({of, merged.uuid_not_nil("commit")});
        merged.finish();
    }
    in.finish();
    return commit;
}

Uuid read_content(JsonView line) {
    MemberReader in(line);
    const Uuid commit = in.uuid("content");
    in.finish();
    return commit;
}

RemovedLine read_removed(JsonView line) {
    MemberReader in(line);
    RemovedLine removed;
    removed.kind = read_kind(in.text("removed"));
    removed.id = {in.uuid("id")};
    removed.name = in.text("name");
    in.finish();
    return removed;
}

DocumentLine read_document(std::string_view line) {
    const std::string_view rest = line.substr(document_prefix.size());
    const auto digest = parse_digest(rest.substr(0, digest_digits));
    const std::size_t json_at = digest_digits + json_member.size();
    if (!digest || rest.size() <= json_at ||
        rest.substr(digest_digits, json_member.size()) != json_member || rest.back() != '}')
        fail(Errc::bundle_invalid,
             R"(the line of a document is {"document":"64 digits","json":DOCUMENT} exactly)");
    return {*digest, rest.substr(json_at, rest.size() - json_at - 1)};
}

PutLine read_put(std::string_view line) {
    FixedForm form(line.substr(put_prefix.size()));
    PutLine put;
    put.kind = read_kind(form.until(R"(","id":")"));
    put.id = {parse_plain_uuid("id", form.until(R"(","name":")"))};
    put.name = form.until(R"(","digest":")");
    must(check_resource_name(put.kind, put.name));  // such a name needs no escapes
    const auto digest = parse_digest(form.until(R"(","validation":")"));
    if (!digest) MemberReader::refuse("digest", "is no digest of 64 hexadecimal digits");
    put.document = *digest;
    put.validation = read_validation(form.until(R"("})"), put.kind);
    if (!form.is_at_end()) fail(Errc::bundle_invalid, "something stands behind the put");
    return put;
}

}  // namespace verso::engine::bundle
