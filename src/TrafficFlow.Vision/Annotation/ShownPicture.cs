using OpenCvSharp;
using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Vision.Annotation;

/// <summary>
/// A picture that may be shown or written: an anonymized frame in which persons and large vehicles are coarsened. It is the one way from
/// a frame to a file or a screen. Persons become a few blocks; a vehicle keeps so few blocks across that the characters of its plate
/// fall together, while its shape stays. Reused from frame to frame.
/// </summary>
public sealed class ShownPicture : IDisposable
{
    private const int PersonBlocks = 3;

    /// <summary>A plate is at most a third of a vehicle's width: 8 blocks for at least 7 characters.</summary>
    private const int VehicleBlocks = 24;

    /// <summary>On a vehicle of up to this width in pixels a plate's characters are at most 3 pixels wide: nobody can read them.</summary>
    private const int UnreadableWidth = 72;

    private readonly Mat _picture = new();
    private readonly Mat _blocks = new();

    public int Width => _picture.Cols;
    public int Height => _picture.Rows;

    internal Mat Pixels => _picture;

    /// <summary>Takes the frame's picture; the caller keeps the frame.</summary>
    /// <param name="detections">Of this frame: its persons and vehicles.</param>
    /// <param name="output">Of this frame's step: its tracks, also those that this frame's detections missed. Null where nothing is tracked.</param>
    public void Show(AnonymizedFrame frame, IEnumerable<Detection> detections, PipelineOutput? output = null)
    {
        using (var source = Mat.FromPixelData(frame.Height, frame.Width, MatType.CV_8UC3, frame.Address)) source.CopyTo(_picture);
        foreach (var track in output?.Tracks ?? [])
        {
            if (IsRidden(track)) Coarsen(_picture, track.Box, PersonBlocks);
            else CoarsenVehicle(track.Box);
        }

        foreach (var rider in output?.Riders ?? []) Coarsen(_picture, rider.Box, PersonBlocks);
        Coarsen(detections);
    }

    /// <summary>Takes the mean of many frames: what moved has vanished, and wherever something stood for a while is coarsened.</summary>
    public void Show(SceneAverage scene)
    {
        scene.CopyTo(_picture);
        using var mean = _picture.Clone();
        // Each place from the mean itself, for coarsened again and again a lane's places would run together; the coarsest last, so that it counts.
        foreach (var (box, blocks) in scene.Places.Select(p => (p.Box, Blocks: p.IsVehicle ? VehicleBlocks : PersonBlocks)).OrderBy(p => p.Box.Width / p.Blocks))
            if (blocks == PersonBlocks || box.Width > UnreadableWidth) Coarsen(mean, box, blocks);
    }

    /// <summary>On a motorcycle the rider is seen as much as the vehicle.</summary>
    internal static bool IsRidden(in TrackView track) => track.Class == VehicleClass.Motorcycle;

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
        if (!Cv2.ImWrite(path, _picture)) throw new IOException($"{path}: the picture cannot be written: check the folder and the free space");
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
        _blocks.Dispose();
    }

    private void Coarsen(IEnumerable<Detection> detections)
    {
        foreach (var detection in detections.Where(d => d.IsSureForItsSize(Width, Height)))
        {
            if (detection.Kind == DetectedKind.Vehicle) CoarsenVehicle(detection.Box);
            else Coarsen(_picture, detection.Box, PersonBlocks);
        }
    }

    private void CoarsenVehicle(Box box)
    {
        if (box.Width > UnreadableWidth) Coarsen(_picture, box, VehicleBlocks);
    }

    private void Coarsen(Mat from, Box box, int blocks)
    {
        // A little beyond the box: detectors cut bumpers and hats off.
        var wider = new Box(box.X - (0.05f * box.Width), box.Y - (0.05f * box.Height), 1.1f * box.Width, 1.1f * box.Height).ClipTo(Width, Height);
        var area = new Rect((int)wider.X, (int)wider.Y, (int)MathF.Ceiling(wider.Width), (int)MathF.Ceiling(wider.Height)) & new Rect(0, 0, Width, Height);
        if (area.Width <= blocks || area.Height < 2) return;
        var rows = Math.Max(1, (int)Math.Round((double)blocks * area.Height / area.Width));
        using var sharp = new Mat(from, area);
        using var part = new Mat(_picture, area);
        Cv2.Resize(sharp, _blocks, new Size(blocks, rows), 0, 0, InterpolationFlags.Area);
        Cv2.Resize(_blocks, part, area.Size, 0, 0, InterpolationFlags.Linear);
    }
}
