using System.Text;
using TrafficFlow.Core.Files;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>The settings of a node whose counts are in PostgreSQL now: the lines, and a copy of its file with them at its end, where they override what stands before.</summary>
internal static class NewSettings
{
    public static IReadOnlyList<string> Lines(PostgresJournal to) =>
    [
        "trafficflow.node.journal {",
        "  type = postgresql",
        $"  connection = {Quoted(to.Connection)}",
        .. to.PasswordFile is { } file ? [$"  password-file = {Quoted(file)}"] : Array.Empty<string>(),
        "}",
    ];

    /// <summary>Whether a copy can be written there, and would be understood.</summary>
    /// <exception cref="UsageException">It cannot.</exception>
    /// <exception cref="SettingsException">A node could not read it.</exception>
    public static void Check(string config, string place, PostgresJournal to)
    {
        if (Path.Exists(place) || new FileInfo(place).LinkTarget is not null) throw new UsageException($"--new-config {place} is there already: name a file that is not");
        if (Path.GetDirectoryName(place) != Path.GetDirectoryName(Path.GetFullPath(config)))
            throw new UsageException($"--new-config must lie beside {config}: names of files in it are relative to its folder");
        try
        {
            using var draft = Draft(config, place, to);
            NodeSettings.Load(draft.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--new-config {place} cannot be written ({e.Message}): run this as an account that may, or name no file, and change the settings by hand");
        }
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Write(string config, string place, PostgresJournal to)
    {
        using var draft = Draft(config, place, to);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(draft.Path, File.GetUnixFileMode(config));
        FileOwner.Give(draft.Path, config);
        draft.Move(overwrite: false);
    }

    private static FileDraft Draft(string config, string place, PostgresJournal to)
    {
        var text = File.ReadAllText(config);
        var added = $"{(text.EndsWith('\n') ? "" : "\n")}\n# The counts are there since trafficflow move-database; what stands above of a journal is of no effect.\n{string.Join('\n', Lines(to))}\n";
        var draft = FileDraft.Of(place);
        try
        {
            using var stream = draft.Open();
            stream.Write(Encoding.UTF8.GetBytes(text + added));
            stream.Flush(flushToDisk: true);
            return draft;
        }
        catch
        {
            draft.Dispose();
            throw;
        }
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
