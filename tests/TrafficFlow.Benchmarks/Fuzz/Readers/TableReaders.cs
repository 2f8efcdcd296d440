using System.Text;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Scoring.Mot;
using TrafficFlow.Node;
using TrafficFlow.Node.Calibrate;
using TrafficFlow.Node.Mark;
using TrafficFlow.Node.Score;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>Tables that people and other programs write: truths, crossings, tracks, surveyed points.</summary>
internal static class TableReaders
{
    private static readonly string[] s_csv = [",", "\n", "\r\n", "\"", "\"\"", "nan", "-1", "1e999", "0x10", "forward", "backward", "any", "passenger-car", "heavy_goods", "small", "large", "grey", "\uFEFF"];

    public static IEnumerable<FuzzReader> All(ScratchFolder scratch)
    {
        yield return new FuzzReader("truth", input => Read(scratch, "truth.csv", input, ReadTruth)) { Seeds = SeedFiles.Of("truth"), Words = SeedFiles.Words(s_csv) };
        yield return new FuzzReader("crossings", input => Read(scratch, "crossings.csv", input, ReadCrossings)) { Seeds = SeedFiles.Of("crossings"), Words = SeedFiles.Words(s_csv) };
        yield return new FuzzReader("mot", ReadTracks) { Seeds = SeedFiles.Of("mot"), Words = SeedFiles.Words(s_csv) };
        yield return new FuzzReader("points", input => Read(scratch, "points.csv", input, ReadPoints))
        {
            Seeds = SeedFiles.Of("points"),
            Words = SeedFiles.Words([.. s_csv, ";", "\t", "px_x", "px_y", "utm_e", "north"]),
        };
    }

    private static bool Read(ScratchFolder scratch, string name, byte[] input, Func<string, bool> read)
    {
        try
        {
            return read(scratch.File(name, input));
        }
        catch (Exception e) when (e is JobFailedException or UsageException)
        {
            return false;
        }
    }

    private static bool ReadTruth(string file)
    {
        var rows = CrossingFiles.ReadTruth(file);
        var text = TruthFile.Text(rows);
        File.WriteAllText(file, text);
        if (TruthFile.Text(CrossingFiles.ReadTruth(file)) != text) throw new WrongAcceptanceException("another truth after it was written and read again");
        return true;
    }

    private static bool ReadCrossings(string file)
    {
        var rows = CrossingFiles.ReadCounted(file, camera: null);
        if (rows.Any(r => !double.IsFinite(r.TimeSeconds) || r.SpeedKmh is { } v && !(v >= 0) || string.IsNullOrEmpty(r.Gate.Value))) throw new WrongAcceptanceException("a crossing cannot be");
        return true;
    }

    private static bool ReadTracks(byte[] input)
    {
        var (rows, errors) = MotText.Read(Encoding.UTF8.GetString(input).Split('\n'));
        if (errors.Count > 0 || MotText.ErrorsOfTracks(rows).Count > 0) return false;
        var text = rows.Select(r => MotText.Write(r)).ToList();
        var (again, wrong) = MotText.Read(text);
        if (wrong.Count > 0 || !again.Select(r => MotText.Write(r)).SequenceEqual(text)) throw new WrongAcceptanceException($"other tracks after they were written and read again: {wrong.FirstOrDefault()}");
        return rows.Count > 0;
    }

    private static bool ReadPoints(string file)
    {
        IReadOnlyList<GroundReference> points = PointsFile.Read(file, (640, 360));
        if (points.Any(p => !p.Image.IsInside || !double.IsFinite(p.EastMetres) || !double.IsFinite(p.NorthMetres))) throw new WrongAcceptanceException("a point cannot be");
        return true;
    }
}
