using OpenCvSharp;

namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>A street with vehicles, rendered once by our own synthetic camera: BGR, 8 bit. Embedded, so that each start tries the same.</summary>
internal static class TestPicture
{
    /// <summary>The caller disposes of it.</summary>
    public static Mat Load()
    {
        using var stream = typeof(TestPicture).Assembly.GetManifestResourceStream("TrafficFlow.Vision.Onnx.street.jpg")
            ?? throw new InvalidOperationException("the test picture is not embedded in the assembly");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Cv2.ImDecode(bytes.ToArray(), ImreadModes.Color);
    }
}
