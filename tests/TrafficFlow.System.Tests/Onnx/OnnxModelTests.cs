using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Onnx;
using Xunit;

namespace TrafficFlow.SystemTests.Onnx;

/// <summary>Real weights on real pictures; skipped where they are absent.</summary>
public sealed class OnnxModelTests(Clips files, ITestOutputHelper output) : IClassFixture<Clips>
{
    private const string Pvb = "pvb_2004_256x448.onnx";

    [Theory]
    [InlineData(Pvb, OnnxLayout.Boxes, 3, 448, 256)]
    [InlineData("pvb_2003_384x480.onnx", OnnxLayout.Boxes, 3, 480, 384)]
    [InlineData("nanodet_plus_m_384x640.onnx", OnnxLayout.NanoDetPlus, 80, 640, 384)]
    [InlineData("yolox_nano_416.onnx", OnnxLayout.YoloX, 80, 416, 416)]
    public void A_known_model_loads_with_its_layout(string file, OnnxLayout layout, int classes, int width, int height)
    {
        using var model = Load(Shared(file));

        Assert.Equal((layout, classes), (model.Layout, model.Classes));
        Assert.Equal((width, height), (model.Shape.InputWidth, model.Shape.InputHeight));
        Assert.Equal("test", model.Identity.Name);
        Assert.Matches("^[0-9a-f]{12}$", model.Identity.Version);
        Assert.True(model.Identity.KnowsPersons);
        Assert.InRange(model.Identity.Scores.Low, 0.01f, model.Identity.Scores.High);
    }

    /// <summary>Measured on these frames, less a tenth: a mirrored channel order, a shifted box or a wrong scale costs far more.</summary>
    [Theory]
    [InlineData(Pvb, 0.68, 0.9)]
    [InlineData("pvb_2003_384x480.onnx", 0.52, 0.9)]
    [InlineData("nanodet_plus_m_384x640.onnx", 0.58, 0.9)]
    [InlineData("yolox_nano_416.onnx", 0.62, 0.9)]
    public async Task It_finds_the_vehicles_that_people_drew(string file, double recall, double precision)
    {
        using var model = Load(Shared(file));
        using var detector = new OnnxDetector(model, 352, 288);
        var (drawn, right, found, wrong) = (0, 0, 0, 0);
        foreach (var clip in new[] { "elephant", "hydepark" })
        {
            var truth = await Boxes(SharedFiles.Shared($"data/boxes/{clip}.gt.txt"));
            await using var reader = await TestCamera.OpenAsync(SharedFiles.Shared($"data/clips/{clip}.mp4"), new FrameFormat(352, 288, 25));
            var detections = new List<Detection>();
            while (await reader.ReadAsync(default) is { } frame)
            {
                using (frame)
                {
                    if (frame.Index % 25 != 12) continue;
                    detector.Detect(frame, detections);
                    Assert.All(detections, d => Assert.True(d.Box is { X: >= 0, Y: >= 0, Right: <= 352, Bottom: <= 288 } && d.Score is > 0 and <= 1));
                    var all = truth[frame.Index + 1].ToList();
                    var sure = detections.Where(d => d.Kind == DetectedKind.Vehicle && d.Score >= detector.Identity.Scores.High).Select(d => d.Box).ToList();
                    var wanted = all.Where(IsClear).ToList();
                    drawn += wanted.Count;
                    right += wanted.Count(w => sure.Any(s => s.IntersectionOverUnion(w) >= 0.5));
                    // What is found must be drawn, small and far ones included.
                    var judged = sure.Where(IsClear).ToList();
                    found += judged.Count;
                    wrong += judged.Count(s => !all.Any(t => s.IntersectionOverUnion(t) >= 0.4));
                }
            }
        }

        output.WriteLine($"{file}: {right} of {drawn} found, {wrong} of {found} false");
        Assert.True(drawn > 60, $"{drawn} boxes only");
        Assert.InRange(right / (double)drawn, recall, 1);
        Assert.InRange(1 - (wrong / (double)found), precision, 1);
    }

    [Fact]
    public async Task The_same_frame_gives_the_same_answer_and_leaves_nothing_in_the_next()
    {
        using var model = Load(Shared("nanodet_plus_m_384x640.onnx"));
        using var detector = new OnnxDetector(model, 352, 288);
        await using var reader = await TestCamera.OpenAsync(SharedFiles.Shared("data/clips/elephant.mp4"), new FrameFormat(352, 288, 5));
        using var first = await reader.NextAsync();
        using var second = await reader.NextAsync();
        var (one, other, again) = (new List<Detection>(), new List<Detection>(), new List<Detection>());

        detector.Detect(first, one);
        detector.Detect(second, other);
        detector.Detect(first, again);

        Assert.NotEmpty(one);
        Assert.Equal(one, again);
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData(353, 288)]
    [InlineData(288, 352)]
    public void A_frame_of_another_size_is_refused(int width, int height)
    {
        using var model = Load(Shared(Pvb));
        using var detector = new OnnxDetector(model, 352, 288);
        using var frame = new CapturedFrame(new FramePool(width * height * 3, 1), width, height).IntoAnonymized();

        var error = Assert.Throws<ArgumentException>(() => detector.Detect(frame, []));

        Assert.Contains($"{width}x{height}", error.Message);
        Assert.Contains("352x288", error.Message);
    }

    [Fact]
    public void A_model_of_another_layout_is_refused_with_what_was_expected_and_found()
    {
        var path = Shared("fastestdet_352.onnx");
        var error = Assert.Throws<DetectorException>(() => Load(path));

        Assert.StartsWith(path, error.Message);
        Assert.Contains("raw grids of its levels", error.Message);
        Assert.Contains("expected boxes (image 1x3xHxW", error.Message);
        Assert.Contains("found input.1 [1x3x352x352] -> 758 [1x85x22x22]", error.Message);
        Assert.Contains("yolo export model=FILE.pt format=onnx", error.Message);
    }

    [Theory]
    [InlineData("fastestdet_352.onnx", OnnxLayout.Boxes)]
    [InlineData("fastestdet_352.onnx", OnnxLayout.NanoDetPlus)]
    [InlineData(Pvb, OnnxLayout.YoloX)]
    [InlineData("yolox_nano_416.onnx", OnnxLayout.NanoDetPlus)]
    public void A_layout_that_the_settings_name_but_the_model_has_not_is_refused(string file, OnnxLayout layout)
    {
        var path = Shared(file);
        var settings = new OnnxModelSettings("test", path, layout);
        if (file.StartsWith("yolox", StringComparison.Ordinal))
        {
            // 85 values can be read as 53 classes and four distributions: only the missing class map tells.
            Assert.Contains("53 classes", Assert.Throws<DetectorException>(() => OnnxModel.Load(settings, 1)).Message);
            return;
        }

        var error = Assert.Throws<DetectorException>(() => OnnxModel.Load(settings, 1));
        Assert.Contains($"expected {layout.Name()}", error.Message);
        Assert.Contains("found ", error.Message);
    }

    [Fact]
    public void A_missing_model_is_told_with_the_ways_on()
    {
        var error = Assert.Throws<DetectorException>(() => Load(files.PathOf("none.onnx")));

        Assert.Contains("no such model file", error.Message);
        Assert.Contains("detector = default", error.Message);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.99)]
    public void A_truncated_model_is_refused(double share)
    {
        var bytes = File.ReadAllBytes(Shared("yolox_nano_416.onnx"));
        var path = files.PathOf($"cut {share}.onnx");
        File.WriteAllBytes(path, bytes[..(int)(bytes.Length * share)]);

        Assert.Contains("not an ONNX model that can be loaded", Assert.Throws<DetectorException>(() => Load(path)).Message);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(80)]
    public void A_class_that_the_model_does_not_know_is_refused(int number)
    {
        var classes = new Dictionary<int, ClassMeaning>
        {
            [0] = new(DetectedKind.Vehicle, VehicleClass.PassengerCar),
            [number] = new(DetectedKind.Vehicle, VehicleClass.Bus),
        };
        var error = Assert.Throws<DetectorException>(() => OnnxModel.Load(new OnnxModelSettings("test", Shared(Pvb), Classes: classes), 1));

        Assert.Contains($"class {number} is mapped", error.Message);
        Assert.Contains("0 to 2", error.Message);
    }

    [Fact]
    public void The_settings_threshold_and_classes_are_used()
    {
        var classes = new Dictionary<int, ClassMeaning> { [0] = new(DetectedKind.Vehicle, VehicleClass.Bus) };
        using var model = OnnxModel.Load(new OnnxModelSettings("test", Shared(Pvb), Threshold: 0.6f, Classes: classes, Threads: 1), 1);

        Assert.Equal(0.6f, model.Identity.Scores.High);
        Assert.False(model.Identity.KnowsPersons);
    }

    /// <summary>Large and near enough that a person would not miss it.</summary>
    private static bool IsClear(Box box) => box.Height > 25 && box.Y > 96;

    private static OnnxModel Load(string path) => OnnxModel.Load(new OnnxModelSettings("test", path), cameras: 1);

    private static string Shared(string file) => SharedFiles.Shared($"models/{file}");

    private static async Task<ILookup<long, Box>> Boxes(string file) => (await File.ReadAllLinesAsync(file))
        .Select(line => line.Split(',').Select(field => double.Parse(field, CultureInfo.InvariantCulture)).ToArray())
        .ToLookup(f => (long)f[0], f => new Box((float)f[2], (float)f[3], (float)f[4], (float)f[5]));
}
