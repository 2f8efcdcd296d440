using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Onnx;
using Xunit;

namespace TrafficFlow.SystemTests.Onnx;

/// <summary>Models as users bring them, in each layout: real inference on a picture with one bright thing at a known place.</summary>
public sealed class UserModelTests(Clips files) : IClassFixture<Clips>
{
    private static readonly OnnxLayout[] s_named = [OnnxLayout.CentreBoxes, OnnxLayout.YoloXDecoded];

    public static TheoryData<OnnxLayout, int, int> LayoutsAndFrames =>
    [
        .. from layout in Enum.GetValues<OnnxLayout>()
           where layout != OnnxLayout.NanoDetPlus // a real one is in OnnxModelTests
           from frame in new[] { (640, 360), (352, 288), (270, 480) }
           select new TheoryDataRow<OnnxLayout, int, int>(layout, frame.Item1, frame.Item2),
    ];

    public static TheoryData<OnnxLayout> Recognised => [.. Enum.GetValues<OnnxLayout>().Where(l => l != OnnxLayout.NanoDetPlus && !s_named.Contains(l))];

    [Theory]
    [MemberData(nameof(LayoutsAndFrames))]
    public void What_lies_at_a_known_place_of_the_frame_is_found_there(OnnxLayout layout, int width, int height)
    {
        // Two layouts look like others: the settings must name them.
        using var model = Load(BrightSpotModel.Of(layout), s_named.Contains(layout) ? layout : null);
        Assert.Equal(layout, model.Layout);
        FindsTheSpot(model, width, height);
    }

    [Fact]
    public void A_turned_YOLOv8_is_read_as_well()
    {
        using var model = Load(BrightSpotModel.Of(OnnxLayout.YoloV8, isTurned: false));
        Assert.Equal(OnnxLayout.YoloV8, model.Layout);
        Assert.False(model.Shape.IsTurned);
        FindsTheSpot(model, 640, 360);
    }

    [Theory]
    [MemberData(nameof(Recognised))]
    public void Float16_in_and_out_is_read_as_well(OnnxLayout layout)
    {
        using var model = Load(BrightSpotModel.Of(layout, isHalf: true));
        Assert.Equal(layout, model.Layout);
        // Halves know places near 320 to a quarter of a pixel.
        FindsTheSpot(model, 640, 360);
    }

    [Theory]
    [MemberData(nameof(Recognised))]
    public void Sizes_that_the_file_leaves_open_are_taken_from_the_settings(OnnxLayout layout)
    {
        using var model = Load(BrightSpotModel.Of(layout, isOpen: true), input: (320, 256));
        Assert.Equal((320, 256), (model.Shape.InputWidth, model.Shape.InputHeight));
        Assert.Equal(layout, model.Layout);
        FindsTheSpot(model, 640, 360);
        FindsTheSpot(model, 270, 480);
    }

    [Fact]
    public void An_open_size_is_the_exporters_and_else_the_usual_one()
    {
        using var told = Load(BrightSpotModel.Of(OnnxLayout.EndToEnd, isOpen: true, tells: new TinyModel().Tells("imgsz", "[256, 448]")));
        using var usual = Load(BrightSpotModel.Of(OnnxLayout.EndToEnd, isOpen: true));

        Assert.Equal((448, 256), (told.Shape.InputWidth, told.Shape.InputHeight));
        Assert.Equal((640, 640), (usual.Shape.InputWidth, usual.Shape.InputHeight));
        FindsTheSpot(told, 640, 360);
        FindsTheSpot(usual, 640, 360);
    }

    [Fact]
    public void A_size_that_the_file_fixes_otherwise_is_refused()
    {
        var error = Assert.Throws<DetectorException>(() => Load(BrightSpotModel.Of(OnnxLayout.YoloV8), input: (640, 384)));
        Assert.Contains("ask for a picture of 640x384", error.Message);
        Assert.Contains("the file fixes 320x256", error.Message);
        Assert.Contains("imgsz=384,640", error.Message);
    }

    [Theory]
    [InlineData(255, 0, 0, false)]
    [InlineData(0, 0, 255, true)]
    public void The_first_plane_of_a_YOLO_is_red(byte blue, byte green, byte red, bool isFound)
    {
        // The score is the brightest red anywhere.
        var tiny = new TinyModel().Input("images", TinyModel.Real, 1, 3, 320, 320).Output("output0", TinyModel.Real, 1, 300, 6);
        var plane = tiny.Node("Slice", ["images", tiny.Constant([0L], 1), tiny.Constant([1L], 1), tiny.Constant([1L], 1)]);
        var brightest = tiny.Node("ReduceMax", [tiny.Node("Slice", [plane, tiny.Constant([160L], 1), tiny.Constant([161L], 1), tiny.Constant([2L], 1)])], ("axes", new[] { 1, 2, 3 }), ("keepdims", 0));
        var score = tiny.Node("Unsqueeze", [brightest, tiny.Constant([1L], 1)]);
        var row = tiny.Node("Concat", [tiny.Constant([10f, 100, 50, 130], 1, 4), score, tiny.Constant([2f], 1, 1)], ("axis", 1));
        tiny.Node("Concat", "", [tiny.Node("Unsqueeze", [row, tiny.Constant([1L], 1)]), tiny.Constant(new float[299 * 6], 1, 299, 6)], "output0", ("axis", 1));
        using var model = Load(tiny);
        using var detector = new OnnxDetector(model, 320, 160);
        using var frame = Frame(320, 160, (0, 0, 320, 160), blue, green, red);
        var found = new List<Detection>();

        detector.Detect(frame, found);

        Assert.Equal(OnnxLayout.EndToEnd, model.Layout);
        Assert.Equal(isFound, found.Count == 1 && found[0].Score > 0.99f);
    }

    [Fact]
    public void The_names_in_the_file_say_what_the_classes_mean()
    {
        var tells = new TinyModel().Tells("task", "detect").Tells("names", "{0: 'traffic light', 1: 'Pedestrian', 2: 'mini-van', 3: \"driver's cab\"}");
        using var model = Load(BrightSpotModel.Of(OnnxLayout.YoloV8, classes: 4, tells: tells));

        Assert.Equal(4, model.Classes);
        Assert.Equal([1, 2], model.ClassMap.Keys.Order());
        Assert.True(model.Identity.KnowsPersons);
        Assert.Equal(VehicleClass.LightGoods, FindsTheSpot(model, 640, 360).Class);
    }

    [Fact]
    public void Names_without_a_vehicle_are_refused_with_the_names()
    {
        var tells = new TinyModel().Tells("names", "{0: 'helmet', 1: 'vest', 2: 'head'}");
        var error = Assert.Throws<DetectorException>(() => Load(BrightSpotModel.Of(OnnxLayout.YoloV8, classes: 3, tells: tells)));
        Assert.Contains("none of the model's classes is known as a vehicle", error.Message);
        Assert.Contains("0 = helmet, 1 = vest, 2 = head", error.Message);
        Assert.Contains("trafficflow.detectors.test.classes", error.Message);
    }

    [Fact]
    public void Own_classes_without_names_must_be_told()
    {
        var error = Assert.Throws<DetectorException>(() => Load(BrightSpotModel.Of(OnnxLayout.YoloV8, classes: 4)));
        Assert.Contains("knows 4 classes", error.Message);
        var classes = new Dictionary<int, ClassMeaning> { [2] = new(DetectedKind.Vehicle, VehicleClass.Bus) };
        using var model = Load(BrightSpotModel.Of(OnnxLayout.YoloV8, classes: 4), classes: classes);
        Assert.Equal(VehicleClass.Bus, FindsTheSpot(model, 640, 360).Class);
    }

    [Theory]
    [InlineData(OnnxLayout.Boxes, OnnxLayout.CentreBoxes, "x1 < x0 or y1 < y0", "layout = centre-boxes")]
    [InlineData(OnnxLayout.YoloX, OnnxLayout.YoloXDecoded, "more than three times as large as the picture", "layout = yolox-decoded")]
    [InlineData(OnnxLayout.CentreBoxes, OnnxLayout.Boxes, "the further right and down", "layout = boxes")]
    public void A_model_that_is_read_in_a_wrong_way_is_refused_with_the_right_one(OnnxLayout read, OnnxLayout written, string what, string remedy)
    {
        var error = Assert.Throws<DetectorException>(() => Load(BrightSpotModel.Of(written), read));
        Assert.Contains($"read as {read.Name()}, this model's answer makes no sense", error.Message);
        Assert.Contains(what, error.Message);
        Assert.Contains(remedy, error.Message);
    }

    [Theory]
    [InlineData("images", new[] { 200f, 100, 20, 30, 0.9f, 2 }, "1 of 1 boxes have x1 < x0")]
    [InlineData("image", new[] { 200f, 100, 20, 30, 0.9f, 0.1f }, "1 of 1 boxes have x1 < x0")]
    [InlineData("images", new[] { 0.1f, 0.1f, 0.4f, 0.3f, 0.9f, 2 }, "larger than 2 pixels of 320x320")]
    [InlineData("images", new[] { 700f, 700, 720, 730, 0.9f, 2 }, "1 of 1 boxes lie outside the picture of 320x320")]
    [InlineData("images", new[] { 10f, 10, 20, 30, 7.5f, 2 }, "scores reach from 0 to 7.5")]
    [InlineData("images", new[] { 10f, 10, 20, 30, 0.5f, 2.5f }, "where a class number should stand it wrote 2.5")]
    [InlineData("images", new[] { 10f, 10, float.NaN, 30, 0.5f, 2 }, "1 of its numbers are none (NaN)")]
    public void Rows_that_make_no_sense_are_refused_whatever_else_is_empty(string input, float[] row, string what)
    {
        var tiny = new TinyModel().Input(input, TinyModel.Real, 1, 3, 320, 320).Output("output0", TinyModel.Real, 1, 300, 6);
        tiny.Node("Identity", "", [tiny.Constant([.. row, .. new float[299 * 6]], 1, 300, 6)], "output0");
        var classes = new Dictionary<int, ClassMeaning> { [0] = new(DetectedKind.Vehicle, VehicleClass.PassengerCar) };

        var error = Assert.Throws<DetectorException>(() => Load(tiny, classes: classes));

        Assert.Contains(what, error.Message);
    }

    [Fact]
    public void A_model_that_finds_nothing_is_none_to_refuse()
    {
        var tiny = new TinyModel().Input("images", TinyModel.Real, 1, 3, 320, 320).Output("output0", TinyModel.Real, 1, 300, 6);
        tiny.Node("Identity", "", [tiny.Constant(new float[300 * 6], 1, 300, 6)], "output0");
        using var model = Load(tiny);
        Assert.Equal(OnnxLayout.EndToEnd, model.Layout);
    }

    [Fact]
    public void Class_numbers_that_cannot_be_COCOs_must_be_explained()
    {
        var rows = Enumerable.Range(0, 300).SelectMany(q => new float[] { q, 10, q + 20, 30, 0.01f, q % 4 }).ToArray();
        var tiny = new TinyModel().Input("images", TinyModel.Real, 1, 3, 320, 320).Output("output0", TinyModel.Real, 1, 300, 6);
        tiny.Node("Identity", "", [tiny.Constant(rows, 1, 300, 6)], "output0");

        var error = Assert.Throws<DetectorException>(() => Load(tiny));

        Assert.Contains("none has a class number above 3", error.Message);
        Assert.Contains("set trafficflow.detectors.test.classes", error.Message);
    }

    [Fact]
    public void Two_sites_that_read_the_classes_of_one_file_differently_get_each_what_it_says()
    {
        var path = files.PathOf("shared-by-two-sites.onnx");
        File.WriteAllBytes(path, BrightSpotModel.Of(OnnxLayout.YoloV8).Build());
        SiteSettings SiteWhereAllIs(string name, VehicleClass everything)
        {
            var classes = Enumerable.Range(0, 80).ToDictionary(c => c, _ => new ClassMeaning(DetectedKind.Vehicle, everything));
            var model = new DetectorSettings("own", DetectorKind.Onnx, new OnnxModelSettings("own", path, Classes: classes));
            var camera = TestCamera.Setup("clip.mp4", new FrameFormat(640, 360, 10)) with { Id = new CameraId(name), Detector = "own" };
            return new SiteSettings("", new Site(new SiteId(name), "", TimeZoneInfo.Utc, [], [camera], ""), new DetectorCatalog("own", new Dictionary<string, DetectorSettings> { ["own"] = model }));
        }

        SiteSettings[] sites = [SiteWhereAllIs("north", VehicleClass.Bus), SiteWhereAllIs("south", VehicleClass.LightGoods)];
        using var factory = new VehicleDetectorFactory(sites);
        var classes = sites.Select(site =>
        {
            using var detector = factory.Create(site.Site.Cameras[0]);
            using var frame = Frame(640, 360, (80, 90, 140, 130), 255, 255, 255);
            var found = new List<Detection>();
            detector.Detect(frame, found);
            return Assert.Single(found, d => d.Score > 0.5f).Class;
        });

        Assert.Equal([VehicleClass.Bus, VehicleClass.LightGoods], classes);
    }

    private static Detection FindsTheSpot(OnnxModel model, int width, int height)
    {
        using var detector = new OnnxDetector(model, width, height);
        var (left, top, right, bottom) = (width / 8, height / 4, (width / 8) + 60, (height / 4) + 40);
        using var frame = Frame(width, height, (left, top, right, bottom), 255, 255, 255);
        var found = new List<Detection>();
        detector.Detect(frame, found);

        var one = Assert.Single(found, d => d.Score > 0.5f);
        Assert.Equal(0.9f, one.Score, 0.001f);
        Assert.Equal(DetectedKind.Vehicle, one.Kind);
        // A pixel of the model's picture, on either side, is so many of the frame's.
        var pixel = 1.5f * Math.Max((float)width / model.Shape.InputWidth, (float)height / model.Shape.InputHeight);
        Assert.Equal(left, one.Box.X, pixel);
        Assert.Equal(top, one.Box.Y, pixel);
        Assert.Equal(right, one.Box.Right, pixel);
        Assert.Equal(bottom, one.Box.Bottom, pixel);
        return one;
    }

    private static AnonymizedFrame Frame(int width, int height, (int Left, int Top, int Right, int Bottom) spot, byte blue, byte green, byte red)
    {
        var frame = new CapturedFrame(new FramePool(width * height * 3, 1), width, height);
        Array.Clear(frame.Buffer);
        for (var y = spot.Top; y < spot.Bottom; y++)
            for (var x = spot.Left; x < spot.Right; x++)
                ((ReadOnlySpan<byte>)[blue, green, red]).CopyTo(frame.Buffer.AsSpan(3 * ((y * width) + x)));
        return frame.IntoAnonymized();
    }

    private OnnxModel Load(
        TinyModel model, OnnxLayout? layout = null, (int, int)? input = null, IReadOnlyDictionary<int, ClassMeaning>? classes = null)
    {
        var path = files.PathOf($"{Guid.NewGuid():n}.onnx");
        File.WriteAllBytes(path, model.Build());
        return OnnxModel.Load(new OnnxModelSettings("test", path, layout, Classes: classes) { Input = input }, cameras: 1);
    }
}
