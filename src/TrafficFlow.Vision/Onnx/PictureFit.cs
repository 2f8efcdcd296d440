using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Onnx;

/// <summary>Where a frame lies in a model's input picture, and the way back from there. All in pixels.</summary>
public readonly record struct PictureFit(int Left, int Top, int Width, int Height, float ScaleX, float ScaleY)
{
    public static PictureFit For(OnnxLayout layout, int frameWidth, int frameHeight, int inputWidth, int inputHeight)
    {
        var place = OnnxFeed.For(layout).Place;
        if (place == PicturePlace.Stretched)
            return new PictureFit(0, 0, inputWidth, inputHeight, (float)inputWidth / frameWidth, (float)inputHeight / frameHeight);

        var scale = MathF.Min((float)inputWidth / frameWidth, (float)inputHeight / frameHeight);
        var width = Math.Clamp((int)MathF.Round(frameWidth * scale), 1, inputWidth);
        var height = Math.Clamp((int)MathF.Round(frameHeight * scale), 1, inputHeight);
        var centred = place == PicturePlace.Centred;
        return new PictureFit(
            centred ? (inputWidth - width) / 2 : 0,
            centred ? (inputHeight - height) / 2 : 0,
            width,
            height,
            (float)width / frameWidth,
            (float)height / frameHeight);
    }

    public Box ToFrame(float left, float top, float right, float bottom) => Box.FromCorners(
        (left - Left) / ScaleX, (top - Top) / ScaleY, (right - Left) / ScaleX, (bottom - Top) / ScaleY);
}
