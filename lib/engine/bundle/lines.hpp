// The lines of a bundle, as values and as JSON text. All of it is part of the bundle's format: see
// docs/format.md.
//
// What is read is checked member by member; what a line says of other lines is the import's to
// check. Failures are thrown: bundle_invalid, or what a rule of the domain says.
#pragma once

#include <verso/domain/digest.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/kind.hpp>
#include <verso/domain/timestamp.hpp>

#include "domain/json_outline.hpp"
#include "engine/content.hpp"
#include "engine/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso::engine::bundle {

/// The format of bundles, with a number of its own. Part of the bundle's format.
inline constexpr std::uint64_t bundle_format = 1;

enum class Holds : std::uint8_t { version, connection };

/// The first line: what it is, whose it is, and what the receiver must have.
struct HeaderLine {
    Holds holds = Holds::version;
    Timestamp time{};
    ConnectionId connection{};
    std::string name{};
    std::string properties{};
    Timestamp created_at{};
    Timestamp updated_at{};
    std::vector<Uuid> base{};  ///< commits that are not in the bundle; none: it stands alone
};

struct VersionLine {
    VersionId id{};
    std::string name{};
    std::string description{};
    Timestamp created_at{};
    Timestamp updated_at{};
    Timestamp published_at{};  ///< the epoch: a draft
    std::uint64_t revision = 1;
    bool is_chosen = false;  ///< as the connection's default
    Uuid head{};
    VersionId origin{};    ///< nil: created empty
    Uuid origin_commit{};  ///< nil: none of the bundle or its base
};

struct MergedLine {
    VersionId line{};
    Uuid commit{};
};

struct CommitLine {
    Uuid id{};
    Uuid parent{};     ///< nil: its content is listed in full
    VersionId line{};  ///< the version whose history it is in
    Timestamp time{};
    ChangeCounts counts{};
    std::string author{};
    std::string message{};
    std::vector<MergedLine> merged{};
};

/// A document as it stands in its line. Lifetime: the line's.
struct DocumentLine {
    Digest digest{};
    std::string_view json;
};

/// A resource that a commit put.
struct PutLine {
    Kind kind{};
    ResourceId id{};
    std::string name{};
    Digest document{};
    content::Validation validation{};
};

struct RemovedLine {
    Kind kind{};
    ResourceId id{};
    std::string name{};
};

/// How the lines of documents and of puts begin: by far the most of a bundle, they have one form
/// only, so that they are read without being parsed.
inline constexpr std::string_view document_prefix = R"({"document":")";
inline constexpr std::string_view put_prefix = R"({"put":")";
/// Of a document's digest, which follows on its prefix.
inline constexpr std::size_t digest_digits = 64;

// Each appends a line, with its line feed.

void append(std::string& out, const HeaderLine& header);
void append(std::string& out, const VersionLine& version);
void append(std::string& out, const CommitLine& commit);
void append(std::string& out, const DocumentLine& document);
void append(std::string& out, const PutLine& put);
void append(std::string& out, const RemovedLine& removed);
/// What follows are the changes of this commit.
void append_content(std::string& out, const Uuid& commit);
/// `lines` and `digest` of all that stands before.
void append_end(std::string& out, std::uint64_t lines, const Digest& digest);

// Each reads the object of a whole line.

/// Requires: the line begins as a header does; so BundleLines has it.
[[nodiscard]] HeaderLine read_header(JsonView line);
[[nodiscard]] VersionLine read_version(JsonView line);
[[nodiscard]] CommitLine read_commit(JsonView line);
[[nodiscard]] Uuid read_content(JsonView line);
[[nodiscard]] RemovedLine read_removed(JsonView line);

// Each reads a line that begins as it should.

/// The JSON is not looked at.
[[nodiscard]] DocumentLine read_document(std::string_view line);
[[nodiscard]] PutLine read_put(std::string_view line);

}  // namespace verso::engine::bundle
