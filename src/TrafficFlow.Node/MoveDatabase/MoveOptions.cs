using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Settings.Nodes;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>What is to be moved, and where to; whatever is wrong with it is found before anything is opened.</summary>
/// <param name="Node">With its settings of before.</param>
/// <param name="Prepared">The settings file that names the target already; null where the command line does.</param>
/// <param name="NewConfig">Where to write a copy of the settings that names the target; null for nowhere.</param>
internal sealed record MoveOptions(NodeSettings Node, PostgresJournal To, string? Prepared, string? NewConfig)
{
    /// <summary>The target as the new settings name it: with the credential of the unit, where that of this process is read.</summary>
    public PostgresJournal Named { get; private init; } = To;

    public SqliteJournal From => (SqliteJournal)Node.Journal;

    public string Data => Node.DataDirectory;

    /// <param name="to">A connection as in journal.connection, or a settings file that has one.</param>
    /// <exception cref="UsageException">They do not fit together.</exception>
    /// <exception cref="SettingsException">A settings file cannot be used.</exception>
    public static MoveOptions Read(string config, string to, string? passwordFile, string? newConfig)
    {
        var node = NodeSettings.Load(config);
        if (!node.Has(NodeRole.Server)) throw new UsageException($"{config} is of a node without the role server: only servers keep counts in PostgreSQL, and outboxes stay where the cameras are");
        if (node.Journal is not SqliteJournal) throw new UsageException($"{config} names PostgreSQL already: name the settings with which the node counted in SQLite");
        var isConnection = to.Contains('=', StringComparison.Ordinal);
        if (!isConnection && passwordFile is not null) throw new UsageException("--password-file belongs to a connection in --to: a settings file names its own");
        if (!isConnection && newConfig is not null) throw new UsageException($"--new-config is for a connection in --to: {to} is a settings file already");
        var target = isConnection ? Connection(to, passwordFile) : OfSettings(to, node);
        var options = new MoveOptions(node, target, isConnection ? null : Path.GetFullPath(to), newConfig is null ? null : Path.GetFullPath(newConfig))
        {
            Named = passwordFile is null ? target : target with { PasswordFile = Path.GetFullPath(passwordFile) },
        };
        if (options.NewConfig is { } place) NewSettings.Check(node.File, place, options.Named);
        return options;
    }

    private static PostgresJournal Connection(string to, string? passwordFile)
    {
        if (JournalSection.WhatIsWrong(to) is var (wrong, remedy))
            throw new UsageException(wrong == "holds a password" ? "--to holds a password: write it into a file of its own, and name that with --password-file" : $"--to {wrong}: {remedy}");
        var file = passwordFile is null ? null : UnitCredential.Find(Path.GetFullPath(passwordFile));
        if (file is not null && JournalSection.WhatIsWrongWithFile(file) is var (bad, mend)) throw new UsageException($"--password-file: {bad}: {mend}");
        return new PostgresJournal(to, file);
    }

    private static PostgresJournal OfSettings(string file, NodeSettings node)
    {
        if (!File.Exists(file)) throw new UsageException($"--to {file} is neither a connection (Host=…;Database=…;Username=…) nor a settings file that is there");
        var other = NodeSettings.Load(file);
        if (other.Journal is not PostgresJournal journal) throw new UsageException($"{file} has no journal of type postgresql: set it there, or give --to a connection");
        if (Path.TrimEndingDirectorySeparator(other.DataDirectory) != Path.TrimEndingDirectorySeparator(node.DataDirectory))
            throw new UsageException($"{file} is of another node: its data folder is {other.DataDirectory}, and that of {node.File} is {node.DataDirectory}");
        return journal;
    }
}
