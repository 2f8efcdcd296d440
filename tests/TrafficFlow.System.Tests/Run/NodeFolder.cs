using Microsoft.Data.Sqlite;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;

namespace TrafficFlow.SystemTests.Run;

/// <summary>The settings and the data of one node, in a folder that lives as long as a test.</summary>
internal sealed class NodeFolder : IDisposable
{
    private readonly SettingsFolder _folder = new();

    /// <param name="site">Text of the site file.</param>
    /// <param name="actors">Lines for trafficflow.actors.</param>
    /// <param name="remoting">The section, where the node has peers.</param>
    public NodeFolder(string site, string actors = "", string remoting = "", string akka = "")
    {
        SiteFile = _folder.Write("site.conf", site);
        Config = _folder.Write("node.conf", $$"""
            trafficflow {
              node {
                roles = [roadside, server]
                sites = ["site.conf"]
                data-directory = "data"
                {{remoting}}
              }
              actors {
            {{actors}}
              }
            }
            {{akka}}

            """);
        Directory.CreateDirectory(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Path => _folder.Path;

    public string SiteFile { get; }

    public string Config { get; }

    public string Data => System.IO.Path.Combine(_folder.Path, "data");

    /// <summary>Of the aggregators.</summary>
    public string Journal => System.IO.Path.Combine(Data, "journal.db");

    /// <summary>Of the cameras.</summary>
    public string Outbox => System.IO.Path.Combine(Data, "outbox.db");

    /// <summary>One camera of the synthetic junction, small enough for a busy machine.</summary>
    public static string Live => $$"""
        trafficflow.site {
          id = live, name = Live, time-zone = "Asia/Tokyo"
          approaches { north {}, east {}, south {}, west {} }
          cameras {
            cam1 {
              source = "synthetic:north"
              frame { width = 320, height = 180, fps = 5 }
              detector = motion
              gates {
                in { from = [0.4778, 0.3960], to = [0.6668, 0.3952], forward = { enters = north } }
                through { from = [0.5605, 0.6958], to = [0.8056, 0.6943], forward = { exits = south } }
              }
            }
          }
        }

        """;

    public TrafficflowProcess Run(params string[] more) => TrafficflowProcess.Start(["run", "--config", Config, .. more]);

    public string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>How many events of one kind the journals hold; 0 while there is none.</summary>
    public long Events(string manifest, string persistenceId = "%") =>
        new[] { Outbox, Journal }.Sum(file => Events(file, manifest, persistenceId));

    /// <summary>All events of our own, those of the cameras first, in the order in which they were written.</summary>
    public IReadOnlyList<JournalRow> Rows() => [.. new[] { Outbox, Journal }.Where(File.Exists).SelectMany(Rows)];

    private static long Events(string file, string manifest, string persistenceId)
    {
        if (!File.Exists(file)) return 0;
        try
        {
            using var database = Open(file);
            using var command = database.CreateCommand();
            command.CommandText = "select count(*) from journal where manifest like $manifest and persistence_id like $id";
            command.Parameters.AddWithValue("$manifest", $"{manifest}-v%");
            command.Parameters.AddWithValue("$id", persistenceId);
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException)
        {
            return 0; // not made yet, or busy: the caller asks again
        }
    }

    private static List<JournalRow> Rows(string file)
    {
        using var database = Open(file);
        using var command = database.CreateCommand();
        command.CommandText = "select persistence_id, sequence_number, manifest, message from journal where identifier = 7321 order by ordering";
        using var reader = command.ExecuteReader();
        var rows = new List<JournalRow>();
        while (reader.Read()) rows.Add(new JournalRow(reader.GetString(0), reader.GetInt64(1), reader.GetString(2), (byte[])reader.GetValue(3)));
        return rows;
    }

    public void Dispose() => _folder.Dispose();

    private static SqliteConnection Open(string file)
    {
        var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
        database.Open();
        return database;
    }
}

internal sealed record JournalRow(string PersistenceId, long SequenceNumber, string Manifest, byte[] Message);
