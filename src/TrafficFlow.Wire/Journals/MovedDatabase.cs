using TrafficFlow.Core.Files;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Wire.Journals;

/// <summary>
/// A SQLite database whose content was moved to another one (`trafficflow move-database`). Its files are as they were, under other names: a node that is
/// started with its old settings would otherwise go on counting in them, or in new, empty ones, beside the one that has its counts now.
/// </summary>
public static class MovedDatabase
{
    private const string Suffix = ".moved";
    private const string NoteSuffix = Suffix + ".txt";
    private const int MostOfNote = 300;

    private static readonly string[] s_parts = ["", "-wal", "-shm"];

    /// <summary>The name of a database file after its content was moved.</summary>
    public static string NameOf(string file) => file + Suffix;

    /// <summary>Where it is written down when, and where to.</summary>
    public static string NoteOf(SqliteJournal settings) => settings.File + NoteSuffix;

    /// <returns>Why the database must not be made anew, with what to do; null where it is in its place, or was never made.</returns>
    public static string? Problem(SqliteJournal settings)
    {
        string[] gone = [.. FilesOf(settings).Where(f => !File.Exists(f))];
        string[] kept = [.. gone.Where(f => File.Exists(NameOf(f)))];
        // Whoever has deleted the old files has not asked for new ones.
        if (kept.Length == 0 && (gone.Length == 0 || !File.Exists(NoteOf(settings)))) return null;
        var back = kept.Length > 0
            ? $"To go back to what had been counted until then: {string.Join(" && ", kept.Select(f => $"mv {NameOf(f)} {f}"))}"
            : $"To begin here with nothing, remove {NoteOf(settings)}";
        return $"the counts of {settings.File} were moved{NoteIn(settings)}: start this node with the settings that name that database. {back}";
    }

    /// <summary>Gives the files their new names, the read tables first. What was renamed before is left as it is.</summary>
    /// <param name="note">One line for people: when, and where to.</param>
    /// <exception cref="IOException">A file cannot be renamed; those before it are.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Retire(SqliteJournal settings, string note)
    {
        FileDraft.Write(NoteOf(settings), note + "\n");
        foreach (var file in FilesOf(settings).Where(File.Exists))
            foreach (var part in s_parts.Where(p => File.Exists(file + p)))
                File.Move(file + part, NameOf(file) + part);
    }

    private static IEnumerable<string> FilesOf(SqliteJournal settings) => [settings.TablesFile, settings.File];

    private static string NoteIn(SqliteJournal settings)
    {
        try
        {
            return File.ReadLines(NoteOf(settings)).FirstOrDefault() is { Length: > 0 } line ? $" {PlainText.Of(line, MostOfNote)}" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // what happened shows without it
        }
    }
}
