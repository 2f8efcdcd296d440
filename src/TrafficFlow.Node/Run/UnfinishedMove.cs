using System.Globalization;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Texts;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Run;

/// <summary>
/// Says that what a node's SQLite files hold is being moved to PostgreSQL, or that this was broken off: until it is done, no node of this data folder may
/// count in PostgreSQL. In the files, which the move only reads, it may go on.
/// </summary>
/// <param name="Id">Of the move: the database that it has filled knows it too.</param>
internal sealed record UnfinishedMove(string Id, string Target, DateTimeOffset Since)
{
    private const string Name = "move.unfinished";
    private const int MostCharacters = 1000;

    public static string In(string folder) => Path.Combine(folder, Name);

    /// <returns>Why the node must not start; null where it may.</returns>
    public static string? Problem(NodeDefinition node)
    {
        if (!node.IsServer || node.Journal is not PostgresJournal || !File.Exists(In(node.DataDirectory))) return null;
        var told = Find(node.DataDirectory) is { } move ? $" to {PlainText.Of(move.Target, 200)}, begun {move.Since:yyyy-MM-dd'T'HH:mm:ss'Z'}," : "";
        return $"the move of this node's counts{told} is not done ({In(node.DataDirectory)} is there): run trafficflow move-database again with the same settings, which carries it to its end. "
            + "A node with the settings of before may run meanwhile; to give the move up, name another, empty database, and only then remove that file: this one may hold the counts already (its table trafficflow_moves tells)";
    }

    /// <exception cref="UsageException">The node must not start with these settings: trying again, as a service manager does, is of no use.</exception>
    public static void Refuse(NodeDefinition node)
    {
        if (Problem(node) is { } problem) throw new UsageException(problem);
        if (node.IsServer && node.Journal is SqliteJournal sqlite && MovedDatabase.Problem(sqlite) is { } moved) throw new UsageException(moved);
    }

    /// <returns>Null where no move was broken off, or its mark cannot be read.</returns>
    public static UnfinishedMove? Find(string folder)
    {
        try
        {
            var file = new FileInfo(In(folder));
            if (!file.Exists || file.Length > MostCharacters) return null;
            return File.ReadAllLines(file.FullName) is [var id, var target, var since]
                && DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? new UnfinishedMove(id, target, time)
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Write(string folder) => FileDraft.Write(In(folder), string.Create(CultureInfo.InvariantCulture, $"{Id}\n{Target}\n{Since:O}\n"));
}
