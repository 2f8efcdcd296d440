using TrafficFlow.Vision.Onnx;
using Xunit;

namespace TrafficFlow.SystemTests.Onnx;

public sealed class OnnxLayoutsTests
{
    [Theory]
    [InlineData("image", "1,3,256,448", "1,-1,7", OnnxLayout.Boxes, 3)]
    [InlineData("image", "-1,3,256,448", "-1,200,5", OnnxLayout.Boxes, 1)]
    [InlineData("images", "1,3,416,416", "1,3549,85", OnnxLayout.YoloX, 80)]
    [InlineData("images", "1,3,416,416", "1,3549,9", OnnxLayout.YoloX, 4)]
    [InlineData("input.1", "1,3,416,416", "1,3549,85", OnnxLayout.YoloX, 80)]
    [InlineData("data", "1,3,384,640", "1,5040,112", OnnxLayout.NanoDetPlus, 80)]
    [InlineData("data", "1,3,384,640", "1,5100,112", OnnxLayout.NanoDetPlus, 80)]
    [InlineData("data", "1,3,384,640", "1,5100,35", OnnxLayout.NanoDetPlus, 3)]
    public void A_known_layout_is_recognised(string inputName, string input, string output, OnnxLayout layout, int classes)
    {
        var shape = Shape(inputName, input, output);
        Assert.Equal(layout, OnnxLayouts.Recognise(shape));
        Assert.Equal(classes, OnnxLayouts.Classes(layout, shape));
    }

    [Theory]
    [InlineData("input.1", "1,3,352,352", "1,85,22,22")]
    [InlineData("images", "1,3,640,640", "1,84,8400")]
    [InlineData("images", "1,3,-1,-1", "1,3549,85")]
    [InlineData("images", "1,416,416,3", "1,3549,85")]
    [InlineData("images", "4,3,416,416", "4,3549,85")]
    [InlineData("image", "1,1,256,448", "1,200,7")]
    [InlineData("image", "1,3,256,448", "1,200,4")]
    [InlineData("image", "1,3,256", "1,200,7")]
    [InlineData("data", "1,3,384,640", "1,5101,112")]
    [InlineData("data", "1,10", "1,10")]
    public void Another_layout_is_not_taken_for_one_of_ours(string inputName, string input, string output) =>
        Assert.Null(OnnxLayouts.Recognise(Shape(inputName, input, output)));

    [Theory]
    [InlineData(OnnxLayout.YoloX, "1,3,416,416", "1,3549,85", true)]
    [InlineData(OnnxLayout.YoloX, "1,3,416,416", "1,3548,85", false)]
    [InlineData(OnnxLayout.NanoDetPlus, "1,3,416,416", "1,3549,85", true)]
    [InlineData(OnnxLayout.NanoDetPlus, "1,3,416,416", "1,3549,32", false)]
    [InlineData(OnnxLayout.Boxes, "1,3,256,448", "1,-1,7", true)]
    [InlineData(OnnxLayout.Boxes, "1,3,256", "1,-1,7", false)]
    [InlineData(OnnxLayout.Boxes, "2,3,256,448", "2,-1,7", false)]
    public void A_layout_that_the_settings_name_must_fit(OnnxLayout layout, string input, string output, bool fits) =>
        Assert.Equal(fits, OnnxLayouts.Fits(layout, Shape("x", input, output)));

    private static OnnxShape Shape(string inputName, string input, string output) => new(inputName, Numbers(input), "output", Numbers(output));

    private static int[] Numbers(string text) => [.. text.Split(',').Select(int.Parse)];
}
