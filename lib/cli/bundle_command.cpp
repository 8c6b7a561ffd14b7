#include <verso/bundle.hpp>

#include "cli/command.hpp"
#include "cli/compression.hpp"
#include "cli/moved_versions.hpp"
#include "cli/progress.hpp"
#include "cli/replaced_file.hpp"
#include "cli/text.hpp"
#include "domain/failure.hpp"
#include "domain/json_writer.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace verso::cli {

namespace {

class BundleExportCommand final : public Command {
    void declare(Declaration& takes) override {
        takes.required("CONNECTION", connection_, "The connection's name or id");
        takes.required("VERSION_OR_FILE", first_,
                       "The version's name; with no FILE behind it, the file for all versions");
        takes.optional("FILE", second_, "Where to write it, all or nothing; - is standard output");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Stopwatch watch;
        const Snapshot snapshot = session.snapshot();
        const Connection connection = session.connection(snapshot, connection_);
        if (second_)
            static_cast<void>(session.version(snapshot, connection, first_));
        else if (first_ != "-" && must(snapshot.find_version({connection.id, first_})))
            fail(Errc::option_invalid, in_quotes(first_) + " is a version of " +
                                           in_quotes(connection.name) +
                                           "; say also where to write it: a FILE, or - for "
                                           "standard output (all versions: ./" +
                                           first_ + ')');
        const std::string& path = second_ ? *second_ : first_;
        if (path == "-") {
            static_cast<void>(write(session, connection, [&](std::string_view bytes) {
                return guarded([&] { session.print(bytes); });
            }));
            return ExitCode::done;
        }
        ReplacedFile file(path);
        const BundleSummary summary = write_file(session, connection, file, is_compressed(path));
        if (session.wants_json())
            session.answer(to_json(summary, path, file.bytes()));
        else
            session.confirm("Exported " + counted(summary.versions, "version") + " of " +
                            in_quotes(connection.name) + " with " +
                            counted(summary.commits, "commit") + " and " +
                            counted(summary.documents, "document") + " to " + shown(path) + ", " +
                            format_bytes(file.bytes()) + " in " + watch.text());
        return ExitCode::done;
    }

    [[nodiscard]] BundleSummary write_file(Session& session, const Connection& connection,
                                           ReplacedFile& file, bool is_compressed) const {
        const auto to_file = [&](std::string_view bytes) { file.write(bytes); };
        BundleSummary summary;
        if (is_compressed) {
            Compressor compressor(to_file);
            summary = write(session, connection, [&](std::string_view bytes) {
                return guarded([&] { compressor.write(bytes); });
            });
            compressor.finish();
        } else {
            summary = write(session, connection, [&](std::string_view bytes) {
                return guarded([&] { to_file(bytes); });
            });
        }
        file.commit();
        return summary;
    }

    [[nodiscard]] BundleSummary write(Session& session, const Connection& connection,
                                      const BundleSink& sink) const {
        const Settings& settings = session.settings();
        Progress progress("Exporting", !settings.quiet && !settings.json);
        const BundleExportOptions options{.progress = progress.callback()};
        if (!second_) return must(export_bundle(session.store(), connection.id, sink, options));
        return must(
            export_bundle(session.store(), VersionKey{connection.id, first_}, sink, options));
    }

    static std::string to_json(const BundleSummary& summary, const std::string& path,
                               std::uint64_t bytes) {
        JsonWriter json;
        json.begin_object().key("file").string(path).key("versions").number(summary.versions);
        json.key("commits").number(summary.commits).key("documents").number(summary.documents);
        json.key("documentBytes").number(summary.document_bytes);
        json.key("bytes").number(bytes).end_object();
        return std::move(json).take();
    }

    std::string connection_;
    std::string first_;
    std::optional<std::string> second_;
};

/// A file, or standard input, read in pieces.
class InputFile {
public:
    explicit InputFile(const std::string& path)
        : name_(path == "-" ? "standard input" : path),
          file_(path == "-" ? stdin : std::fopen(path.c_str(), "rb"),
                path == "-" ? [](std::FILE*) { return 0; } : std::fclose) {
        if (!file_) fail_reading();
        std::error_code unknown;
        size_ = std::filesystem::file_size(path, unknown);
        if (unknown) size_ = 0;
    }

    [[nodiscard]] std::size_t read(std::span<char> out) {
        const std::size_t size = std::fread(out.data(), 1, out.size(), file_.get());
        if (std::ferror(file_.get()) != 0) fail_reading();
        read_ += size;
        return size;
    }
    /// How far it is, from 0 to 1; 0 where its size is not known.
    [[nodiscard]] double part() const {
        return size_ == 0 ? 0 : static_cast<double>(read_) / static_cast<double>(size_);
    }

private:
    [[noreturn]] void fail_reading() const {
        const std::string reason = std::strerror(errno);
        fail(Errc::io_failed, "cannot read " + name_ + ": " + reason);
    }

    std::string name_;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
    std::uint64_t size_ = 0;
    std::uint64_t read_ = 0;
};

class BundleImportCommand final : public Command {
    void declare(Declaration& takes) override {
        takes.required("FILE", file_, "A bundle; - is standard input");
        takes.option("--into", "CONNECTION", into_,
                     "The connection that takes the versions, by name or id\n(default: that of the "
                     "bundle, created if it is not there)");
        takes.option("--name", "NAME", name_, "The name of the connection, if it is created");
        takes.flag("--skip-conflicts", skips_,
                   "Leave versions that cannot move on as they are, and import the others");
    }

    [[nodiscard]] ExitCode run(Session& session) const override {
        const Stopwatch watch;
        InputFile file(file_);
        Store& store = session.store_or_new();
        BundleImportOptions options{
            .organisation = session.settings().organisation,
            .name = name_,
            .on_conflict = skips_ ? BundleConflict::skip : BundleConflict::fail};
        if (into_) options.connection = session.connection(must(store.snapshot()), *into_).id;
        const BundleImportReport report = import(session, store, file, options);
        if (session.wants_json())
            session.answer(to_json(report));
        else
            tell(session, store, report, watch);
        return has_conflicts(report.versions) ? ExitCode::refused : ExitCode::done;
    }

    [[nodiscard]] BundleImportReport import(const Session& session, Store& store, InputFile& file,
                                            BundleImportOptions& options) const {
        const Settings& settings = session.settings();
        Progress progress("Importing", !settings.quiet && !settings.json);
        if (const auto show = progress.callback())
            options.progress = [&file, show](std::uint64_t) { show(file.part()); };
        const auto read_file = [&](std::span<char> out) { return file.read(out); };
        if (!is_compressed(file_))
            return must(import_bundle(
                store, [&](std::span<char> out) { return guarded([&] { return read_file(out); }); },
                options));
        Decompressor decompressor(read_file);
        const BundleSource source = [&](std::span<char> out) {
            return guarded([&] { return decompressor.read(out); });
        };
        return must(import_bundle(store, source, options));
    }

    static void tell(Session& session, const Store& store, const BundleImportReport& report,
                     const Stopwatch& watch) {
        if (session.settings().quiet) return;
        const Connection connection = must(must(store.snapshot()).connection(report.connection));
        session.print("Imported " + in_quotes(connection.name) + " in " + watch.text() + '\n' +
                      format_moved(report.versions, session.settings().verbose) + "  " +
                      counted(report.commits, "commit") + " and " +
                      counted(report.documents_stored, "document") + " stored, " +
                      format_count(report.documents_present) + " there already\n");
    }

    static std::string to_json(const BundleImportReport& report) {
        JsonWriter json;
        json.begin_object().key("connection").string(to_string(report.connection));
        json.key("connectionAdded").boolean(report.connection_added).key("versions");
        write_moved(json, report.versions);
        json.key("commits").number(report.commits);
        json.key("documentsStored").number(report.documents_stored);
        json.key("documentsPresent").number(report.documents_present).end_object();
        return std::move(json).take();
    }

    std::string file_;
    std::optional<std::string> into_;
    std::optional<std::string> name_;
    bool skips_ = false;
};

}  // namespace

Commands bundle_commands() {
    Commands commands;
    commands.push_back({"bundle export",
                        "Write a version, or all of a connection, with its history to a file",
                        "  verso bundle export Harbour harbour.bundle\n"
                        "  verso bundle export Harbour 1.1.0 harbour-1.1.0.bundle.zst\n"
                        "  verso bundle export Harbour - | ssh elsewhere verso bundle import -",
                        std::make_unique<BundleExportCommand>()});
    commands.push_back({"bundle import",
                        "Read what `bundle export` wrote; only what is missing is stored",
                        "  verso bundle import harbour.bundle\n"
                        "  verso bundle import harbour-1.1.0.bundle.zst --into Harbour",
                        std::make_unique<BundleImportCommand>()});
    return commands;
}

}  // namespace verso::cli
