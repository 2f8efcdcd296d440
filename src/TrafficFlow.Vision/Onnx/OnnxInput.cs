using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OpenCvSharp;
using TrafficFlow.Core.Frames;
using TrafficFlow.Vision.Onnx.Recognition;

namespace TrafficFlow.Vision.Onnx;

/// <summary>What goes into a model for frames of one size: the buffers, made once, and the way of a picture into them.</summary>
internal sealed class OnnxInput : IDisposable
{
    private readonly OnnxShape _shape;
    private readonly OnnxFeed _feed;
    private readonly Mat _fitted;
    private readonly Mat _channel;
    private readonly Mat[] _planes;
    private readonly Mat[]? _tables;
    private readonly Array _picture;

    public OnnxInput(OnnxLayout layout, OnnxShape shape, int frameWidth, int frameHeight)
    {
        _shape = shape;
        _feed = OnnxFeed.For(layout);
        var (width, height) = (shape.InputWidth, shape.InputHeight);
        Fit = PictureFit.For(layout, frameWidth, frameHeight, width, height);
        _fitted = new Mat(Fit.Height, Fit.Width, MatType.CV_8UC3);
        _channel = new Mat(Fit.Height, Fit.Width, MatType.CV_8UC1);
        long[] size = [1, 3, height, width];
        OrtValue value;
        if (shape.Picture.Type == TensorElementType.Float16)
        {
            // A pixel has 256 values: their halves are looked up, which is faster than to compute them.
            var halves = GC.AllocateUninitializedArray<Float16>(3 * width * height, pinned: true);
            for (var p = 0; p < 3; p++) halves.AsSpan(p * width * height, width * height).Fill(new Float16(Bits(p, _feed.Border)));
            _tables = [.. Enumerable.Range(0, 3).Select(Table)];
            (_picture, value) = (halves, OrtValue.CreateTensorValueFromMemory(halves, size));
        }
        else
        {
            var numbers = GC.AllocateUninitializedArray<float>(3 * width * height, pinned: true);
            for (var p = 0; p < 3; p++) numbers.AsSpan(p * width * height, width * height).Fill(Value(p, _feed.Border));
            (_picture, value) = (numbers, OrtValue.CreateTensorValueFromMemory(numbers, size));
        }

        _planes = [.. Enumerable.Range(0, 3).Select(Plane)];
        (Names, Values) = ([shape.Picture.Name], [value]);
        if (shape.PictureSize is not { } sizes) return;
        // Boxes then come in pixels of the input.
        Names = [shape.Picture.Name, sizes.Name];
        Values = [value, sizes.Type == TensorElementType.Int32
            ? OrtValue.CreateTensorValueFromMemory(new[] { width, height }, [1, 2])
            : OrtValue.CreateTensorValueFromMemory(new long[] { width, height }, [1, 2])];
    }

    public PictureFit Fit { get; }

    public string[] Names { get; }

    public OrtValue[] Values { get; }

    public void Fill(AnonymizedFrame frame)
    {
        using var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address);
        Fill(picture);
    }

    /// <param name="picture">Of the size that the input was made for: BGR, 8 bit.</param>
    public void Fill(Mat picture)
    {
        // Shrinking by more than two drops rows with bilinear sampling: area averaging keeps thin vehicles.
        var way = Fit.ScaleX < 0.5f ? InterpolationFlags.Area : InterpolationFlags.Linear;
        Cv2.Resize(picture, _fitted, new Size(Fit.Width, Fit.Height), 0, 0, way);
        FillPlanes();
    }

    /// <summary>Magnifies a part of a frame to the whole input, at the top left.</summary>
    /// <returns>Input pixels for each pixel of the part.</returns>
    /// <exception cref="InvalidOperationException">The input was made for frames of another size than its own.</exception>
    public float Fill(AnonymizedFrame frame, Rect part)
    {
        if ((Fit.Width, Fit.Height) != (_shape.InputWidth, _shape.InputHeight))
            throw new InvalidOperationException("only a detector made for frames of its input's size can look at parts");
        var scale = Math.Min((float)Fit.Width / part.Width, (float)Fit.Height / part.Height);
        var size = new Size(Math.Min(Fit.Width, (int)(part.Width * scale)), Math.Min(Fit.Height, (int)(part.Height * scale)));
        using (var picture = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address))
        using (var source = new Mat(picture, part))
        using (var target = new Mat(_fitted, new Rect(new Point(0, 0), size)))
        {
            _fitted.SetTo(Scalar.All(_feed.Border));
            Cv2.Resize(source, target, size, 0, 0, scale < 0.5f ? InterpolationFlags.Area : InterpolationFlags.Linear);
        }

        FillPlanes();
        return scale;
    }

    public void Dispose()
    {
        foreach (var value in Values) value.Dispose();
        foreach (var mat in _planes.Concat(_tables ?? [])) mat.Dispose();
        _channel.Dispose();
        _fitted.Dispose();
    }

    private void FillPlanes()
    {
        for (var p = 0; p < 3; p++)
        {
            Cv2.ExtractChannel(_fitted, _channel, _feed.IsRgb ? 2 - p : p);
            if (_tables is { } tables) Cv2.LUT(_channel, tables[p], _planes[p]);
            else _channel.ConvertTo(_planes[p], MatType.CV_32FC1, _feed.Planes[p].Scale, _feed.Planes[p].Offset);
        }
    }

    private float Value(int plane, float pixel) => (pixel * _feed.Planes[plane].Scale) + _feed.Planes[plane].Offset;

    private ushort Bits(int plane, float pixel) => BitConverter.HalfToUInt16Bits((Half)Value(plane, pixel));

    private Mat Table(int plane)
    {
        var table = new Mat(1, 256, MatType.CV_16UC1);
        for (var pixel = 0; pixel < 256; pixel++) table.Set(0, pixel, Bits(plane, pixel));
        return table;
    }

    /// <summary>The picture's place in one colour plane of the input: OpenCV writes there, some times faster than a loop of ours.</summary>
    private Mat Plane(int plane)
    {
        var (width, height) = (_shape.InputWidth, _shape.InputHeight);
        var type = _tables is null ? MatType.CV_32FC1 : MatType.CV_16UC1;
        using var whole = Mat.FromPixelData(3 * height, width, type, Marshal.UnsafeAddrOfPinnedArrayElement(_picture, 0));
        return new Mat(whole, new Rect(Fit.Left, (plane * height) + Fit.Top, Fit.Width, Fit.Height));
    }
}
