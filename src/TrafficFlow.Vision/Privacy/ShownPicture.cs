using OpenCvSharp;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;

namespace TrafficFlow.Vision.Privacy;

/// <summary>
/// A picture that may be shown or written: an anonymized frame in which persons and near vehicles are coarsened, or all of it where nobody
/// can tell who is in it. It is the one way from a frame to a file or a screen. Reused from frame to frame.
/// </summary>
public sealed class ShownPicture : IDisposable
{
    /// <summary>Across a person: a face is one block.</summary>
    private const int PersonBlocks = 3;

    /// <summary>Across a vehicle: a plate is at most a third of its width, 8 blocks for at least 7 characters, while the shape stays.</summary>
    private const int VehicleBlocks = 24;

    /// <summary>
    /// Across a whole picture whose persons and vehicles nobody knows: a head of a twentieth of its width is four blocks, and the plate of a
    /// vehicle of half its width has a block and a half for each character.
    /// </summary>
    private const int WholeBlocks = 80;

    /// <summary>
    /// No picture has more detail across than this, for no detector finds everybody: on a street seen 10 m wide that is 64 pixels a metre, at which
    /// strangers are observed and not recognised (IEC 62676-4 asks for 125).
    /// </summary>
    private const int MostDetail = 640;

    private readonly Mat _picture = new();
    private readonly Mat _sharp = new();
    private readonly Mat _blocks = new();

    public int Width => _picture.Cols;
    public int Height => _picture.Rows;

    internal Mat Pixels => _picture;

    /// <summary>Takes the frame's picture; the caller keeps the frame.</summary>
    /// <param name="areas">Of this very frame.</param>
    /// <exception cref="ArgumentException">The areas are another frame's.</exception>
    public void Show(AnonymizedFrame frame, PictureAreas areas)
    {
        if (areas.EventTime != frame.EventTime)
            throw new ArgumentException($"what must be coarse at {areas.EventTime:O} says nothing of the frame of {frame.EventTime:O}", nameof(areas));
        using (var source = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address)) source.CopyTo(_picture);
        Coarsen(areas.IsWhole, areas.Areas);
    }

    /// <summary>Takes a picture that was coarse already when it was recorded; the caller keeps the frame.</summary>
    public void Show(RecordedFrame recorded)
    {
        var frame = recorded.Frame;
        using var source = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address);
        source.CopyTo(_picture);
    }

    /// <summary>Takes the mean of many frames: what moved has vanished, and wherever something stood for a while is coarsened.</summary>
    public void Show(SceneAverage scene)
    {
        scene.CopyTo(_picture);
        Coarsen(scene.IsWhole, scene.Places);
    }

    /// <summary>A whole number of times as large, for drawing on it.</summary>
    internal void Enlarge(int times)
    {
        if (times <= 1) return;
        Cv2.Resize(_picture, _blocks, new Size(times * Width, times * Height), 0, 0, InterpolationFlags.Linear);
        _blocks.CopyTo(_picture);
    }

    /// <summary>Writes the picture as a PNG file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SavePng(string path)
    {
        Cv2.ImEncode(".png", _picture, out var bytes);
        try
        {
            FileDraft.Write(path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: the picture cannot be written: check the folder and the free space ({e.Message})", e);
        }
    }

    /// <summary>The picture as a JPEG.</summary>
    public byte[] ToJpeg()
    {
        Cv2.ImEncode(".jpg", _picture, out var bytes, new ImageEncodingParam(ImwriteFlags.JpegQuality, 80));
        return bytes;
    }

    public void Dispose()
    {
        _picture.Dispose();
        _sharp.Dispose();
        _blocks.Dispose();
    }

    private void Coarsen(bool isWhole, IReadOnlyCollection<PrivateArea> areas)
    {
        // Each from the picture as it was: coarsened again and again neighbours would run together. The coarsest last, so that it counts.
        _picture.CopyTo(_sharp);
        var most = isWhole ? WholeBlocks : MostDetail;
        var whole = new Rect(0, 0, Width, Height);
        if (Width > most) Coarsen(whole, (double)Width / most);
        foreach (var (box, size) in areas.Select(a => (a.Box, Size: BlockSize(a))).OrderBy(a => a.Size))
        {
            var area = new Rect((int)box.X, (int)box.Y, (int)MathF.Ceiling(box.Width) + 1, (int)MathF.Ceiling(box.Height) + 1) & whole;
            if (area.Width > 0 && area.Height > 0 && size > (double)Width / most) Coarsen(area, size);
        }
    }

    private static double BlockSize(in PrivateArea area) => area.Width / (area.Kind == SubjectKind.Person ? PersonBlocks : (double)VehicleBlocks);

    /// <param name="size">Of a block, pixels.</param>
    private void Coarsen(Rect area, double size)
    {
        if (size <= 1) return;
        var blocks = new Size(Math.Max(1, (int)Math.Round(area.Width / size)), Math.Max(1, (int)Math.Round(area.Height / size)));
        using var sharp = new Mat(_sharp, area);
        using var part = new Mat(_picture, area);
        Cv2.Resize(sharp, _blocks, blocks, 0, 0, InterpolationFlags.Area);
        Cv2.Resize(_blocks, part, area.Size, 0, 0, InterpolationFlags.Linear);
    }
}
