using TrafficFlow.Core.Detection;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Onnx;
using Xunit;

namespace TrafficFlow.SystemTests.Onnx;

/// <summary>Files that somebody takes for a model.</summary>
public sealed class OnnxFileTests(Clips files) : IClassFixture<Clips>
{
    public static TheoryData<string, byte[], string, string> Others => new()
    {
        { "yolo.pt", [.. "PK\u0003\u0004"u8, .. new byte[40]], "zip archive, as PyTorch's .pt", "yolo export model=FILE.pt format=onnx" },
        { "old.pth", [0x80, 2, .. new byte[40]], "pickle", "torch.onnx.export" },
        { "yolo.engine", [.. "ftrt"u8, .. new byte[40]], "TensorRT engine", "take the .onnx file" },
        { "yolo.tflite", [0x1c, 0, 0, 0, .. "TFL3"u8, .. new byte[40]], "TensorFlow Lite model", "tf2onnx" },
        { "yolo.h5", [0x89, .. "HDF\r\n\u001a\n"u8, .. new byte[40]], "HDF5", "tf2onnx" },
        { "pointer.onnx", [.. "version https://git-lfs.github.com/spec/v1\noid sha256:00\n"u8], "pointer of Git LFS", "git lfs pull" },
        { "page.onnx", [.. "\n<!DOCTYPE html><html>Sign in</html>"u8], "a web page", "fetch it again" },
        { "yolo.xml", [.. "<?xml version=\"1.0\"?><net/>"u8], "XML, as OpenVINO's", "take the .onnx file" },
        { "settings.json", [.. "{ \"a\": 1 }"u8], "JSON", "give the .onnx file" },
        { "notes.onnx", [.. "nothing of use"u8], "a text", "give the .onnx file" },
        { "packed.onnx", [0x1f, 0x8b, 8, .. new byte[40]], "gzip archive", "unpack it" },
        { "random.onnx", [9, 9, 200, 1, 77, 3, 255, 255, 0, 4], "its bytes are no ONNX protobuf", "give the .onnx file" },
        { "empty.onnx", [], "the file is empty", "copy or fetch it again" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void What_is_no_ONNX_is_named_with_the_way_to_one(string name, byte[] bytes, string what, string remedy)
    {
        var error = Refusal(name, bytes);
        Assert.StartsWith(files.PathOf(name), error);
        Assert.Contains("not an ONNX model that can be loaded", error);
        Assert.Contains(what, error);
        Assert.Contains(remedy, error);
        Assert.Contains($"found {bytes.Length} bytes", error);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(0.7)]
    [InlineData(0.999)]
    public void A_model_that_breaks_off_is_told_so(double share)
    {
        var bytes = BrightSpotModel.Of(OnnxLayout.YoloV8).Build();
        var error = Refusal($"cut {share}.onnx", bytes[..(int)(bytes.Length * share)]);
        Assert.Contains("it breaks off in the middle", error);
        Assert.Contains("compare its size", error);
    }

    [Theory]
    [InlineData("model.onnx.data")]
    [InlineData("../../../etc/shadow")]
    [InlineData("/etc/shadow")]
    [InlineData("")]
    public void Weights_in_another_file_are_refused_whether_it_is_there_or_not(string place)
    {
        var tiny = new TinyModel().Input("images", TinyModel.Real, 1, 3, 320, 320).Output("output0", TinyModel.Real, 1, 300, 6);
        tiny.Node("Identity", "", [tiny.Outside(place, 300 * 6 * 4, 1, 300, 6)], "output0");
        File.WriteAllBytes(files.PathOf("model.onnx.data"), new byte[300 * 6 * 4]);

        var error = Refusal("model.onnx", tiny.Build());

        Assert.Contains($"it keeps weights in other files ({place}), and a model is to open no file", error);
        Assert.Contains("external_data=False", error);
    }

    [Fact]
    public void Weights_outside_are_found_in_a_graph_within_the_graph()
    {
        var inner = new TinyModel().Output("inner", TinyModel.Real, 1);
        inner.Node("Identity", "", [inner.Outside("/etc/shadow", 4, 1)], "inner");
        var tiny = new TinyModel().Input("images", TinyModel.Real, 1, 3, 320, 320).Output("output0", TinyModel.Real, 1, 300, 6);
        tiny.Node("If", ["images"], ("then_branch", inner), ("else_branch", inner));
        Assert.Contains("/etc/shadow", Refusal("inner.onnx", tiny.Build()));
    }

    [Theory]
    [InlineData("author.ops")]
    [InlineData("com.microsoft")]
    [InlineData("ai.onnx.contrib")]
    public void Operators_of_a_foreign_domain_are_refused_by_name(string domain)
    {
        var tiny = new TinyModel().Input("images", TinyModel.Real, 1, 3, 320, 320).Output("output0", TinyModel.Real, 1, 300, 6);
        tiny.Node("Own\u001bLayer", domain, ["images"], "output0");

        var error = Refusal("foreign.onnx", tiny.Build());

        Assert.Contains($"it uses operators that are not ONNX's own ({domain}.Own?Layer)", error);
        Assert.Contains("export it with ONNX's operators only", error);
    }

    [Fact]
    public void Graphs_that_are_nested_without_end_are_refused()
    {
        var tiny = new TinyModel();
        for (var i = 0; i < 2000; i++)
        {
            var outer = new TinyModel();
            outer.Node("If", [], ("then_branch", tiny));
            tiny = outer;
        }

        Assert.Contains("its graphs are nested more than 16 deep", Refusal("deep.onnx", tiny.Build()));
    }

    [Fact]
    public void A_file_larger_than_any_detector_is_refused_unread()
    {
        var path = files.PathOf("large.onnx");
        using (var file = File.Create(path)) file.SetLength((1L << 30) + 1);
        var error = Assert.Throws<DetectorException>(() => OnnxModel.Load(new OnnxModelSettings("test", path), 1)).Message;
        Assert.Contains("it has 1073741825 bytes", error);
        Assert.Contains("take a smaller variant", error);
    }

    [Fact]
    public void A_model_that_does_not_load_in_time_is_given_up()
    {
        var path = files.PathOf("slow.onnx");
        File.WriteAllBytes(path, BrightSpotModel.Of(OnnxLayout.YoloV8).Build());
        var error = Assert.Throws<DetectorException>(() => OnnxModel.Load(new OnnxModelSettings("test", path) { LoadsWithin = TimeSpan.Zero }, 1)).Message;
        Assert.StartsWith($"{path}: not loaded within 0 s", error);
        Assert.Contains("take a smaller model", error);
    }

    [Theory]
    [InlineData(99, 8, "an older opset")]
    [InlineData(17, 99, "an older opset")]
    public void A_file_that_is_newer_than_the_runtime_is_told_so(int opset, int irVersion, string what)
    {
        var tiny = new TinyModel { Opset = opset, IrVersion = irVersion }.Input("images", TinyModel.Real, 1, 3, 320, 320).Output("output0", TinyModel.Real, 1, 300, 6);
        tiny.Node("Identity", "", [tiny.Constant(new float[1800], 1, 300, 6)], "output0");
        var error = Refusal($"new {opset} {irVersion}.onnx", tiny.Build());
        Assert.Contains(what, error);
        Assert.Contains("opset=17", error);
    }

    [Fact]
    public void An_operator_that_the_runtime_has_not_is_named()
    {
        var tiny = new TinyModel().Input("images", TinyModel.Real, 1, 3, 320, 320).Output("output0", TinyModel.Real, 1, 300, 6);
        tiny.Node("AuthorsOwnLayer", "", ["images"], "output0");
        var error = Refusal("operator.onnx", tiny.Build());
        TestContext.Current.TestOutputHelper?.WriteLine(error);
        Assert.Contains("AuthorsOwnLayer", error);
        Assert.Contains("an operator that ONNX Runtime has not", error);
        Assert.Contains("nms=False", error);
    }

    private string Refusal(string name, byte[] bytes)
    {
        var path = files.PathOf(name);
        File.WriteAllBytes(path, bytes);
        return Assert.Throws<DetectorException>(() => OnnxModel.Load(new OnnxModelSettings("test", path), 1)).Message;
    }
}
