using TrafficFlow.Vision.Onnx;
using Xunit;

namespace TrafficFlow.SystemTests.Onnx;

public sealed class PictureFitTests
{
    public static TheoryData<OnnxLayout> Layouts => [.. Enum.GetValues<OnnxLayout>()];

    [Theory]
    [MemberData(nameof(Layouts))]
    public void A_box_comes_back_to_where_it_was_in_the_frame(OnnxLayout layout)
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var (w, h) = (random.Next(1, 2000), random.Next(1, 2000));
            var (inputWidth, inputHeight) = (32 * random.Next(1, 21), 32 * random.Next(1, 21));
            var fit = PictureFit.For(layout, w, h, inputWidth, inputHeight);
            Assert.True(fit is { Left: >= 0, Top: >= 0, Width: > 0, Height: > 0 }, $"{fit}");
            Assert.True(fit.Left + fit.Width <= inputWidth && fit.Top + fit.Height <= inputHeight, $"{fit} in {inputWidth}x{inputHeight}");

            var (x0, y0) = ((float)(random.NextDouble() * w), (float)(random.NextDouble() * h));
            var (x1, y1) = (x0 + ((float)random.NextDouble() * (w - x0)), y0 + ((float)random.NextDouble() * (h - y0)));
            var box = fit.ToFrame(
                (x0 * fit.ScaleX) + fit.Left, (y0 * fit.ScaleY) + fit.Top, (x1 * fit.ScaleX) + fit.Left, (y1 * fit.ScaleY) + fit.Top);
            Assert.Equal(x0, box.X, 0.01f * Math.Max(1, 1 / fit.ScaleX));
            Assert.Equal(y0, box.Y, 0.01f * Math.Max(1, 1 / fit.ScaleY));
            Assert.Equal(x1, box.Right, 0.01f * Math.Max(1, 1 / fit.ScaleX));
            Assert.Equal(y1, box.Bottom, 0.01f * Math.Max(1, 1 / fit.ScaleY));
        }
    }

    [Theory]
    [InlineData(OnnxLayout.Boxes, 640, 360, 448, 256, 0, 0, 448, 256)]
    [InlineData(OnnxLayout.YoloX, 640, 360, 416, 416, 0, 0, 416, 234)]
    [InlineData(OnnxLayout.YoloX, 360, 640, 416, 416, 0, 0, 234, 416)]
    [InlineData(OnnxLayout.YoloX, 208, 117, 416, 416, 0, 0, 416, 234)]
    [InlineData(OnnxLayout.NanoDetPlus, 640, 384, 640, 384, 0, 0, 640, 384)]
    [InlineData(OnnxLayout.NanoDetPlus, 352, 288, 640, 384, 85, 0, 469, 384)]
    [InlineData(OnnxLayout.NanoDetPlus, 1280, 360, 640, 384, 0, 102, 640, 180)]
    public void The_frame_lies_where_the_layout_wants_it(
        OnnxLayout layout, int w, int h, int inputWidth, int inputHeight, int left, int top, int width, int height)
    {
        var fit = PictureFit.For(layout, w, h, inputWidth, inputHeight);
        Assert.Equal((left, top, width, height), (fit.Left, fit.Top, fit.Width, fit.Height));
    }
}
