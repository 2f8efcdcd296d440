using System.Globalization;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Simulation.Replay;

/// <summary>Where something was at a time: metres east and north, seconds since the file begins.</summary>
public readonly record struct TrackPoint(double X, double Y, double Seconds);

/// <summary>Reads a trajectory file: the header <c>TrajID;x;y;Time</c>, then a line for each point of each track, in order of time.</summary>
public static class TrajectoryFile
{
    /// <summary>How long a file lasts; a track belongs to one file.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(15);

    private const string Header = "TrajID;x;y;Time";

    /// <returns>The points of each track.</returns>
    /// <exception cref="ReplayScriptException">Names the file and the line.</exception>
    public static IReadOnlyCollection<List<TrackPoint>> Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReplayScriptException($"{file} cannot be read: {e.Message}", e);
        }

        var tracks = new Dictionary<string, List<TrackPoint>>(StringComparer.Ordinal);
        var number = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range].TrimEnd('\r');
            number++;
            if (number == 1)
            {
                if (!line.SequenceEqual(Header)) throw Bad(file, 1, $"a trajectory file begins with the line {Header}");
                continue;
            }

            // Nothing follows the last line's end.
            if (range.End.Value == text.Length && line.IsEmpty) break;
            if (range.End.Value == text.Length) throw Bad(file, number, "the file breaks off within this line: copy it again");
            ReadPoint(file, number, line, tracks);
        }

        return tracks.Count > 0 ? tracks.Values : throw Bad(file, number, "there is no track: copy the file again, or take it out of the folder");
    }

    private static void ReadPoint(string file, int number, ReadOnlySpan<char> line, Dictionary<string, List<TrackPoint>> tracks)
    {
        Span<Range> fields = stackalloc Range[5];
        if (line.Split(fields, ';') != 4) throw Bad(file, number, $"\"{line}\" has not the four fields {Header}");
        var point = new TrackPoint(
            Number(file, number, line[fields[1]], "x"), Number(file, number, line[fields[2]], "y"), Number(file, number, line[fields[3]], "Time"));
        if (point.Seconds < 0 || point.Seconds >= Length.TotalSeconds)
            throw Bad(file, number, $"the time {point.Seconds} is not within the file's {Length.TotalSeconds} s");
        var tracksByName = tracks.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!tracksByName.TryGetValue(line[fields[0]], out var track)) tracksByName[line[fields[0]]] = track = [];
        if (track.Count > 0 && track[^1].Seconds > point.Seconds)
            throw Bad(file, number, $"track {line[fields[0]]} goes back in time from {track[^1].Seconds} to {point.Seconds} s");
        track.Add(point);
    }

    private static double Number(string file, int number, ReadOnlySpan<char> text, string name) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Bad(file, number, $"{name} is \"{text}\", which is not a number");

    private static ReplayScriptException Bad(string file, int line, string what) => new($"{file}:{line}: {what}");
}
