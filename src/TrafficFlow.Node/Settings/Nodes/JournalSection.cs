using Npgsql;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.node.journal: a SQLite file, or a PostgreSQL database.</summary>
internal static class JournalSection
{
    private const string AddSqlite = "add journal { type = sqlite, file = \"journal.db\" }";
    private const string AddPostgres = "write \"Host=127.0.0.1;Port=5432;Database=trafficflow;Username=trafficflow\"";
    private static readonly string[] Types = ["sqlite", "postgresql"];

    public static JournalSettings Read(SettingsReader node, string dataDirectory)
    {
        if (node.Section("journal", AddSqlite) is not { } journal) return new SqliteJournal("");
        var type = journal.Text("type", "set sqlite or postgresql");
        // common.conf names a file for SQLite: beside type = postgresql it is without effect.
        var file = journal.OptionalText("file");
        JournalSettings settings;
        switch (type)
        {
            case "postgresql":
                settings = ReadPostgres(journal);
                break;
            default:
                if (type is not ("sqlite" or "")) journal.Problem("type", $"\"{type}\" is no type of journal", Suggestion.For(type, Types, "types"));
                if (journal.Has("connection")) journal.Problem("connection", "belongs to type = postgresql", "set that type, or take it out");
                if (journal.Has("password-file")) journal.Problem("password-file", "belongs to type = postgresql", "set that type, or take it out");
                settings = ReadSqlite(journal, file, dataDirectory);
                break;
        }

        journal.RefuseUnknown();
        return settings;
    }

    private static SqliteJournal ReadSqlite(SettingsReader journal, string? file, string dataDirectory)
    {
        if (file is null)
        {
            if (!journal.Has("file")) journal.Problem("file", "is missing", "set a file name, for example \"journal.db\"");
            return new SqliteJournal("");
        }

        if (Path.IsPathRooted(file) || file.Split('/').Contains("..")) journal.Problem("file", $"{file} lies outside the data directory", "set a file name");
        return new SqliteJournal(Path.Combine(dataDirectory, file));
    }

    private static PostgresJournal ReadPostgres(SettingsReader journal)
    {
        var connection = journal.Text("connection", AddPostgres);
        if (connection.Length > 0 && WhatIsWrong(connection) is var (wrong, remedy)) journal.Problem("connection", wrong, remedy);
        return new PostgresJournal(connection, ReadPasswordFile(journal));
    }

    /// <returns>Null where the connection can be used as far as its words go.</returns>
    public static (string Wrong, string Remedy)? WhatIsWrong(string connection)
    {
        NpgsqlConnectionStringBuilder c;
        try
        {
            c = new NpgsqlConnectionStringBuilder(connection);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException or KeyNotFoundException)
        {
            // The exception may repeat the text, and the text may hold a password.
            return ("is no connection of Npgsql", AddPostgres);
        }

        if (!string.IsNullOrEmpty(c.Password)) return ("holds a password", "write it into a file of its own, and name that in password-file");
        if (string.IsNullOrEmpty(c.Host)) return ("names no Host", AddPostgres);
        if (string.IsNullOrEmpty(c.Database)) return ("names no Database", AddPostgres);
        if (string.IsNullOrEmpty(c.Username)) return ("names no Username", AddPostgres);
        return null;
    }

    private static string? ReadPasswordFile(SettingsReader journal)
    {
        if (journal.OptionalText("password-file") is not { } file) return null;
        var path = UnitCredential.Find(Path.GetFullPath(Path.Combine(journal.Find("password-file")!.Origin.Folder, file)));
        if (WhatIsWrongWithFile(path) is var (wrong, remedy)) journal.Problem("password-file", wrong, remedy);
        return path;
    }

    /// <returns>Null where a password can be read from the file, and not by everybody.</returns>
    public static (string Wrong, string Remedy)? WhatIsWrongWithFile(string path)
    {
        const UnixFileMode others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!File.Exists(path)) return ($"there is no file {path}", UnitCredential.Remedy(path) ?? "write the password of the database's user into it; the name is relative to this file");
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & others) != 0
            ? ($"every account of this machine can read {path}", $"chmod 640 {path}, or 600")
            : null;
    }
}
