using System.Globalization;
using System.Text;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Count.Turning;
using TrafficFlow.Node.Drawings;
using TrafficFlow.Node.Why;

namespace TrafficFlow.Node.Count;

/// <summary>
/// Writes a count's files. Each is written beside its place and moved there when it is whole: an older count is never left half
/// overwritten. The folder is tried before anything is counted.
/// </summary>
internal sealed class CountResults
{
    private readonly string _folder;
    private readonly CsvForm _form;
    private readonly bool _isNew;

    /// <param name="form">Of its tables.</param>
    /// <exception cref="UsageException">The folder cannot be made or written to.</exception>
    public CountResults(string folder, CsvForm form)
    {
        (_folder, _form) = (folder, form);
        _isNew = !Directory.Exists(folder);
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".writable-{Guid.NewGuid():N}");
            FileDraft.Create(probe).Dispose();
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the folder {folder} cannot be written to ({e.Message}): choose another with --out");
        }
    }

    /// <summary>Nothing will be written: the folder goes again, where it was made for this count and holds nothing.</summary>
    public void Abandon()
    {
        if (_isNew && Directory.Exists(_folder) && !Directory.EnumerateFileSystemEntries(_folder).Any()) Directory.Delete(_folder);
    }

    /// <param name="bins">Null: none are wanted.</param>
    /// <exception cref="JobFailedException">The disk is full, or the folder went away.</exception>
    public void Write(CountSummary summary, BinDuration? bins, ProcessingSpeed speed)
    {
        SaveTable("crossings.csv", Crossings(summary));
        SaveStream(CountedEvidence.FileName, stream => CountedEvidence.Write(stream, EvidenceRows.Of(summary)));
        SaveTable("flows.csv", Flows(summary.Tally));
        SaveTable("bins.csv", bins is { } duration ? BinsFile.Text(summary, duration) : null);
        var turning = TurningTable.Of(summary.Camera, summary.Tally.Crossings, summary.Tally.Passages);
        var drawing = turning is null ? null : TurningDiagram.Of(turning, summary.Camera, summary.Site.Approaches.ToDictionary(a => a.Id, a => a.Name), Title(summary));
        SaveTable("turning.csv", turning is null ? null : TurningFile.Text(turning));
        Save("turning.svg", drawing is null ? null : DrawingFiles.Svg(drawing));
        Save("turning.png", drawing is null ? null : DrawingFiles.Png(drawing));
        if (drawing is not null && DrawingFiles.LettersWithoutFont(drawing) is { Length: > 0 } letters)
            Console.Error.WriteLine($"No font of this machine has {letters}: turning.png shows boxes instead. Install one (for Japanese on Debian: fonts-ipafont-gothic), or use turning.svg.");
        Save("summary.json", summary.ToJson() + "\n");
        Save("processing.json", speed.ToJson() + "\n");
    }

    internal static string Crossings(CountSummary summary)
    {
        var tally = summary.Tally;
        var text = new StringBuilder(
            "camera,gate,direction,track,time_s,class,size,colour,speed_kmh,confidence,speed_error_kmh,heading_deg,heading_error_deg,length_m,time,id\n");
        var row = 0;
        foreach (var c in tally.InOrder())
        {
            text.Append(CultureInfo.InvariantCulture, $"{CsvCell.Quoted(c.Camera.Value)},{CsvCell.Quoted(c.Gate.Value)},{DirectionName(c.Direction)},{c.Track},{tally.Seconds(c.Time):0.00},")
                .Append(CultureInfo.InvariantCulture, $"{c.Class.Name()},{c.Size.Name()},{c.Colour.Name()},{c.SpeedKmh:0.0},")
                .Append(c.Confidence > 0 ? c.Confidence.ToString("0.00", CultureInfo.InvariantCulture) : "")
                .Append(CultureInfo.InvariantCulture, $",{c.SpeedErrorKmh:0.0},{Whole(c.HeadingDegrees)},{c.HeadingErrorDegrees:0.0},{c.LengthMetres:0.0},{summary.ClockTime(c.Time)},{CountedEvidence.IdOf(c.Camera, ++row)}\n");
        }

        return text.ToString();
    }

    internal static string Flows(CountTally tally)
    {
        var text = new StringBuilder("camera,from_gate,to_gate,class,count,mean_speed_kmh,space_mean_speed_kmh,speeds\n");
        var groups = tally.Passages
            .GroupBy(p => (p.Camera, p.FromGate, p.ToGate, p.Class))
            .OrderBy(g => g.Key.Camera.Value, StringComparer.Ordinal)
            .ThenBy(g => g.Key.FromGate.Value, StringComparer.Ordinal)
            .ThenBy(g => g.Key.ToGate.Value, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Class);
        foreach (var group in groups)
        {
            var sums = group.Aggregate(default(FlowSums), (sum, p) => sum + FlowSums.Of(p.Size, p.SpeedKmh));
            text.Append(CultureInfo.InvariantCulture, $"{CsvCell.Quoted(group.Key.Camera.Value)},{CsvCell.Quoted(group.Key.FromGate.Value)},{CsvCell.Quoted(group.Key.ToGate.Value)},{group.Key.Class.Name()},{sums.Count},")
                .Append(CultureInfo.InvariantCulture, $"{sums.MeanSpeedKmh:0.0},{sums.SpaceMeanSpeedKmh:0.0},{sums.SpeedSamples}\n");
        }

        return text.ToString();
    }

    // 359.7 is north again.
    private static double? Whole(double? degrees) => degrees is { } d ? Math.Round(d) % 360 : null;

    internal static string DirectionName(CrossingDirection direction) => direction == CrossingDirection.Forward ? "forward" : "backward";

    private static List<string> Title(CountSummary summary)
    {
        var period = summary.Recording.Start is null
            ? string.Create(CultureInfo.InvariantCulture, $"{(summary.Span.Length).TotalMinutes:0.0} minutes, clock times unknown")
            : $"{summary.ClockTime(summary.Span.From, "yyyy-MM-dd HH:mm:ss")} to {summary.ClockTime(summary.Span.To, "yyyy-MM-dd HH:mm:ss")} ({summary.Site.TimeZone.Id})";
        return [$"{(summary.Site.Name.Length > 0 ? summary.Site.Name : summary.Site.Id.Value)}, {summary.Camera.Id}", $"Vehicles, {period}{(summary.Failure is null ? "" : ", not all of it could be read")}"];
    }

    private void SaveTable(string name, string? text) => Save(name, text is null ? null : _form.Rewrite(text));

    private void Save(string name, string? text) => Save(name, text is null ? null : Encoding.UTF8.GetBytes(text));

    /// <param name="content">Null takes an older count's file away: it would be taken for this one's.</param>
    private void Save(string name, byte[]? content) => SaveStream(name, content is null ? null : stream => stream.Write(content));

    private void SaveStream(string name, Action<Stream>? write)
    {
        var path = Path.Combine(_folder, name);
        try
        {
            if (write is null)
            {
                File.Delete(path);
                return;
            }

            using var draft = FileDraft.Of(path);
            using (var stream = draft.Open())
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            draft.Move();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{path} cannot be written ({e.Message}): free some space, or choose another folder with --out, and count again", e);
        }
    }
}
