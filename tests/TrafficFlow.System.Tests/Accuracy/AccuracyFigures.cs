using System.Globalization;
using System.Text.Json;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>What the gate compares: vehicles, in whole numbers that hide no rounding, a speed and scores of tracks.</summary>
/// <param name="Counted">Crossings of the clips that were counted and are true.</param>
/// <param name="Invented">Crossings that no vehicle explains.</param>
/// <param name="Motorcycles">Of the counted ones.</param>
/// <param name="ColoursRight">Of the marked vehicles of the clips.</param>
/// <param name="ColoursWrong">A colour that was not told is neither right nor wrong.</param>
/// <param name="JourneysRight">Of the synthetic junction by motion: whole journeys that some vehicle made.</param>
/// <param name="JourneysInvented">Whole ones that none did.</param>
/// <param name="JourneySpeedErrorKmh">Mean absolute error at the entering gate.</param>
/// <param name="TrackHota">Of TUD-Campus' ready-made detections, with hindsight, 0..1; as are MOTA and IDF1.</param>
/// <param name="LiveTrackHota">As it was known in each picture.</param>
internal sealed record AccuracyFigures(
    int Counted,
    int Invented,
    int Motorcycles,
    int ColoursRight,
    int ColoursWrong,
    int ClassesRight,
    int ClassesWrong,
    int SyntheticColoursRight,
    int SyntheticColoursWrong,
    int JourneysRight,
    int JourneysInvented,
    double JourneySpeedErrorKmh,
    double TrackHota,
    double TrackMota,
    double TrackIdf1,
    double LiveTrackHota)
{
    private const double SlackKmh = 0.05;

    /// <summary>Crossings of the rendered streets that were not counted.</summary>
    public int StreetsMissed { get; init; }

    /// <summary>Counted ones that no vehicle of the rendered streets made.</summary>
    public int StreetsExtra { get; init; }
    private const double SlackOfTracks = 0.002;

    private static readonly JsonSerializerOptions s_layout = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static AccuracyFigures Read(string file) => JsonSerializer.Deserialize<AccuracyFigures>(File.ReadAllText(file), s_layout)
        ?? throw new FormatException($"{file} holds no figures");

    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, s_layout) + "\n");

    /// <summary>Each figure that is worse than in the baseline, in words.</summary>
    /// <param name="slack">Vehicles by which an attribute may be worse: another processor rounds a model's scores otherwise.</param>
    public IEnumerable<string> WorseThan(AccuracyFigures baseline, int slack)
    {
        if (Counted < baseline.Counted) yield return $"{Counted} true crossings are counted, {baseline.Counted} were";
        if (Invented > baseline.Invented) yield return $"{Invented} crossings are invented, {baseline.Invented} were";
        if (Motorcycles < baseline.Motorcycles) yield return $"{Motorcycles} motorcycles are counted, {baseline.Motorcycles} were";
        if (StreetsMissed > baseline.StreetsMissed) yield return $"{StreetsMissed} crossings of the rendered streets are missed, {baseline.StreetsMissed} were";
        if (StreetsExtra > baseline.StreetsExtra) yield return $"{StreetsExtra} crossings of the rendered streets are invented, {baseline.StreetsExtra} were";
        if (ColoursRight < baseline.ColoursRight - slack) yield return $"{ColoursRight} colours are right, {baseline.ColoursRight} were";
        if (ColoursWrong > baseline.ColoursWrong + slack) yield return $"{ColoursWrong} colours are wrong, {baseline.ColoursWrong} were";
        if (ClassesRight < baseline.ClassesRight - slack) yield return $"{ClassesRight} classes are right, {baseline.ClassesRight} were";
        if (ClassesWrong > baseline.ClassesWrong + slack) yield return $"{ClassesWrong} classes are wrong, {baseline.ClassesWrong} were";
        if (SyntheticColoursRight < baseline.SyntheticColoursRight - slack) yield return $"{SyntheticColoursRight} synthetic colours are right, {baseline.SyntheticColoursRight} were";
        if (SyntheticColoursWrong > baseline.SyntheticColoursWrong + slack) yield return $"{SyntheticColoursWrong} synthetic colours are wrong, {baseline.SyntheticColoursWrong} were";
        if (JourneysRight < baseline.JourneysRight) yield return $"{JourneysRight} journeys are right, {baseline.JourneysRight} were";
        if (JourneysInvented > baseline.JourneysInvented) yield return $"{JourneysInvented} journeys are invented, {baseline.JourneysInvented} were";
        if (JourneySpeedErrorKmh > baseline.JourneySpeedErrorKmh + SlackKmh) yield return Change("journeys' speeds are off by", JourneySpeedErrorKmh, baseline.JourneySpeedErrorKmh);
        foreach (var (name, now, before) in ((string, double, double)[])
        [
            ("HOTA is", TrackHota, baseline.TrackHota), ("MOTA is", TrackMota, baseline.TrackMota), ("IDF1 is", TrackIdf1, baseline.TrackIdf1), ("live HOTA is", LiveTrackHota, baseline.LiveTrackHota),
        ])
        {
            if (now < before - SlackOfTracks) yield return Change(name, now, before);
        }

        static string Change(string what, double now, double before) => string.Create(CultureInfo.InvariantCulture, $"{what} {now:0.000}, and was {before:0.000}");
    }
}
