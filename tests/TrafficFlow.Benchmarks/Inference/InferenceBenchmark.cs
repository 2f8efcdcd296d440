using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.BuiltIn;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Benchmarks.Inference;

/// <summary>What one picture costs with each detector.</summary>
internal sealed class InferenceBenchmark : IBenchmark
{
    private const string Reference = "pvb_2004";
    private const int Rounds = 15;
    private const int Pictures = 10;

    public string Name => "inference";

    public string Description =>
        """
        CPU time of one picture of 640x360, one thread, from pixels to detections: the detector in the box in both precisions beside the shared
        models, in turns, so that a busy machine hits all of them alike. The median of the turns is taken.
          float32_ms, int8_ms, pvb_2004_ms, ...
          float32_of_pvb_2004, int8_of_pvb_2004    median of the ratios within each turn; the better of the two should be at most 0.35
        """;

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => MeasureAsync(isQuick ? 3 : Rounds, cancellation);

    private static async Task<Figures> MeasureAsync(int rounds, CancellationToken cancellation)
    {
        var frames = await ReadAsync(cancellation);
        var models = Models().Select(m => (m.Name, Model: OnnxModel.Load(m.Settings, cameras: 1))).ToList();
        var detectors = models.Select(m => (m.Name, Detector: new OnnxDetector(m.Model, frames[0].Width, frames[0].Height))).ToList();
        var costs = models.ToDictionary(m => m.Name, _ => new List<double>());
        try
        {
            // The first turn warms up.
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var (name, detector) in detectors)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var cost = Cost(detector, frames);
                    if (round > 0) costs[name].Add(cost);
                }
            }
        }
        finally
        {
            foreach (var (_, detector) in detectors) detector.Dispose();
            foreach (var (_, model) in models) model.Dispose();
            foreach (var frame in frames) frame.Dispose();
        }

        var figures = new Figures();
        foreach (var (name, _) in models)
        {
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-10} {costs[name].Median():0.00} ms, {Ratio(name):0.000} of {Reference}"));
            figures.Add($"{name}_ms", costs[name].Median(), 2);
        }

        return figures.Add($"float32_of_{Reference}", Ratio("float32"), 3).Add($"int8_of_{Reference}", Ratio("int8"), 3);

        double Ratio(string name) => costs[name].Zip(costs[Reference], (own, reference) => own / reference).Median();
    }

    private static IEnumerable<(string Name, OnnxModelSettings Settings)> Models()
    {
        foreach (var precision in Enum.GetValues<BuiltInPrecision>()) yield return (precision.Name(), BuiltInWeights.Model(precision.Name(), precision, threads: 1));
        foreach (var (name, file) in ((string, string)[])[(Reference, "pvb_2004_256x448"), ("pvb_2003", "pvb_2003_384x480"), ("yolox", "yolox_nano_416"), ("nanodet", "nanodet_plus_m_384x640")])
            yield return (name, new OnnxModelSettings(name, RepositoryFiles.Shared($"models/{file}.onnx"), Threads: 1));
    }

    /// <summary>Pictures of a busy street, a second apart.</summary>
    private static async Task<List<AnonymizedFrame>> ReadAsync(CancellationToken cancellation)
    {
        var camera = new CameraSetup(new CameraId("cam1"), RepositoryFiles.Shared("data/clips/stuttgart.mp4"), new FrameFormat(640, 360, 1), "default", [], [], []);
        await using var reader = await new FrameReaderFactory(DateTimeOffset.UnixEpoch, FfmpegTimeouts.Default, TimeProvider.System).OpenAsync(camera, cancellation);
        var frames = new List<AnonymizedFrame>();
        while (frames.Count < Pictures && await reader.ReadAsync(cancellation) is { } frame) frames.Add(frame);
        return frames;
    }

    private static double Cost(OnnxDetector detector, List<AnonymizedFrame> frames)
    {
        var detections = new List<Detection>();
        var before = Environment.CpuUsage.TotalTime;
        foreach (var frame in frames) detector.Detect(frame, detections);
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / frames.Count;
    }
}
