using System.Globalization;
using TrafficFlow.Core.Scoring.Mot;
using TrafficFlow.Node.Score;
using TrafficFlow.SystemTests.Accuracy;

namespace TrafficFlow.Benchmarks.Tracking;

/// <summary>How well the tracker follows what ready-made detections show, against published figures on the same detections.</summary>
internal sealed class TrackingBenchmark : IBenchmark
{
    private const double IgnoreAbove = 96;
    private const double SortMota = 0.627;

    /// <summary>The detectors' own limits of a sure detection, as the product has them for their layouts.</summary>
    private static readonly IReadOnlyDictionary<string, float> Sure = new Dictionary<string, float>
    {
        ["yolox_nano_416"] = 0.4f,
        ["pvb2004_256x448"] = 0.3f,
        ["pvb2003_384x480"] = 0.3f,
    };

    public string Name => "tracking";

    public string Description =>
        """
        The tracker on ready-made detections of three models on three clips whose every frame was drawn by people, scored without classes at
        an overlap of 0.5, boxes whose centre lies above y = 96 of 288 left out on both sides, against detections/baseline_scores.txt, a
        plain two-stage tracker on the same detections; and on TUD-Campus with det_frcnn_sort.txt, against SORT's published MOTA of 62.7.
        Rows of a detector whose detections are not there (NanoDet) are not compared. "live" is each picture as it was known then;
        "hindsight" tells tracks after the end: back to their first unsure detections, through gaps of up to 1.5 s, on smoothed paths.
        Counting never uses hindsight. A detection is sure from the detector's threshold and worth looking at from half of that; for
        det_frcnn_sort.txt, which was cut at 0.5, from a fifth of the span between that and 1.
          rows, rows_beaten_in_hota_mota_idf1        should be equal
          mean_hota_gain, mean_mota_gain, mean_idf1_gain    with hindsight; HOTA: at least 0.03
          live_mean_hota_gain, ...                    the same as it was known in each picture
          tud_campus_mota, tud_campus_hota, tud_campus_idf1, live_tud_campus_mota    MOTA: above 0.627
        """;

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        var rows = Baselines().ToList();
        var compared = rows.Where(b => Sure.ContainsKey(b.Detector)).ToList();
        var (hindsight, live) = (new List<Gain>(), new List<Gain>());
        foreach (var baseline in compared)
        {
            cancellation.ThrowIfCancellationRequested();
            var truth = MotFiles.ReadTracks(RepositoryFiles.Shared($"data/boxes/{baseline.Clip}.gt.txt"));
            var sure = Sure[baseline.Detector];
            var score = DetectionTracks.Score(
                RepositoryFiles.Shared($"data/detections/{baseline.Clip}.{baseline.Detector}.det.txt"), truth, sure / 2, sure, 352, 288, IgnoreAbove);
            hindsight.Add(Compare(baseline, score.Hindsight, "hindsight"));
            live.Add(Compare(baseline, score.Live, "live"));
        }

        foreach (var left in rows.Except(compared)) Note($"{left.Detector,-19} {left.Clip,-12} not compared: its detections are not in detections/");
        var (told, known) = DetectionTracks.Score(
            RepositoryFiles.Shared("data/mot/TUD-Campus/det_frcnn_sort.txt"), MotFiles.ReadTracks(RepositoryFiles.Shared("data/mot/TUD-Campus/gt.txt")),
            0.5f, 0.6f, 640, 480);
        Note(Row("det_frcnn_sort", "TUD-Campus", "hindsight", told) + string.Create(CultureInfo.InvariantCulture, $"  SORT: MOTA {SortMota:0.000}"));
        Note(Row("det_frcnn_sort", "TUD-Campus", "live", known));
        return Task.FromResult(new Figures()
            .Add("rows", compared.Count)
            .Add("rows_beaten_in_hota_mota_idf1", hindsight.Count(g => g.BeatsAll))
            .Add("mean_hota_gain", hindsight.Average(g => g.Hota), 4)
            .Add("mean_mota_gain", hindsight.Average(g => g.Mota), 4)
            .Add("mean_idf1_gain", hindsight.Average(g => g.Idf1), 4)
            .Add("live_rows_beaten_in_hota_mota_idf1", live.Count(g => g.BeatsAll))
            .Add("live_mean_hota_gain", live.Average(g => g.Hota), 4)
            .Add("live_mean_mota_gain", live.Average(g => g.Mota), 4)
            .Add("live_mean_idf1_gain", live.Average(g => g.Idf1), 4)
            .Add("tud_campus_mota", told.Clear.Mota, 4)
            .Add("tud_campus_hota", told.Hota.Hota, 4)
            .Add("tud_campus_idf1", told.Identity.F1, 4)
            .Add("live_tud_campus_mota", known.Clear.Mota, 4));
    }

    private static IEnumerable<Baseline> Baselines() => File.ReadLines(RepositoryFiles.Shared("data/detections/baseline_scores.txt"))
        .Where(l => l.Length > 0 && l[0] != '#' && !l.StartsWith("detector", StringComparison.Ordinal))
        .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(f => new Baseline(f[0], f[1], Number(f[2]), Number(f[5]), Number(f[6])));

    private static Gain Compare(Baseline baseline, MotScore score, string what)
    {
        var gain = new Gain(score.Hota.Hota - baseline.Hota, score.Clear.Mota - baseline.Mota, score.Identity.F1 - baseline.Idf1);
        Note(Row(baseline.Detector, baseline.Clip, what, score) + string.Create(
            CultureInfo.InvariantCulture, $"  baseline: HOTA {gain.Hota:+0.000;-0.000} MOTA {gain.Mota:+0.000;-0.000} IDF1 {gain.Idf1:+0.000;-0.000}"));
        return gain;
    }

    private static string Row(string detector, string clip, string what, MotScore s) => string.Create(
        CultureInfo.InvariantCulture,
        $"{detector,-19} {clip,-12} {what,-9} HOTA {s.Hota.Hota:0.000} DetA {s.Hota.DetA:0.000} AssA {s.Hota.AssA:0.000} MOTA {s.Clear.Mota:0.000} IDF1 {s.Identity.F1:0.000} IDSW {s.Clear.Switches} FP {s.Clear.Extra} FN {s.Clear.Missed}");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static void Note(string text) => Console.Error.WriteLine(text);

    private sealed record Baseline(string Detector, string Clip, double Hota, double Mota, double Idf1);

    private sealed record Gain(double Hota, double Mota, double Idf1)
    {
        /// <summary>Baselines are printed with three digits: beaten is what is more than half of the last one above.</summary>
        public bool BeatsAll => Hota > 0.0005 && Mota > 0.0005 && Idf1 > 0.0005;
    }
}
