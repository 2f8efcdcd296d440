using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Core.Files;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Ffmpeg.Confinement;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Vision.Annotation;

/// <summary>Encodes shown pictures to an H.264 MP4 file through an ffmpeg child. Only a <see cref="ShownPicture"/> gets in.</summary>
public sealed class VideoFileWriter : IDisposable
{
    private readonly Process _ffmpeg;
    private readonly Task<string> _complaints;
    private readonly string _path;
    private readonly FileDraft _draft;
    private readonly byte[] _row;
    private readonly int _width;
    private readonly int _height;

    /// <param name="path">The file to write; an existing one is replaced when the film is whole.</param>
    /// <exception cref="IOException">It cannot be written there.</exception>
    public VideoFileWriter(string path, int width, int height, double framesPerSecond)
    {
        (_path, _width, _height) = (path, width, height);
        try
        {
            _draft = FileDraft.Of(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path}: the film cannot be written: check the folder and the free space ({e.Message})", e);
        }

        _row = new byte[width * height * 3];
        try
        {
            _ffmpeg = Start(_draft.Path, width, height, framesPerSecond);
        }
        catch
        {
            _draft.Dispose();
            throw;
        }

        _complaints = _ffmpeg.StandardError.ReadToEndAsync();
    }

    /// <exception cref="IOException">The encoder ended: a full disk, or a path that cannot be written.</exception>
    public void Write(ShownPicture picture)
    {
        if ((picture.Width, picture.Height) != (_width, _height)) throw new ArgumentException("the picture has another size than the film", nameof(picture));
        System.Runtime.InteropServices.Marshal.Copy(picture.Pixels.Data, _row, 0, _row.Length);
        try
        {
            _ffmpeg.StandardInput.BaseStream.Write(_row);
        }
        catch (IOException e)
        {
            throw Failure(e);
        }
    }

    /// <summary>Ends the file.</summary>
    /// <exception cref="IOException">It could not be written to its end.</exception>
    public async Task CloseAsync()
    {
        try
        {
            _ffmpeg.StandardInput.Close();
        }
        catch (IOException e)
        {
            throw Failure(e);
        }

        await _ffmpeg.WaitForExitAsync();
        if (_ffmpeg.ExitCode != 0) throw Failure(null);
        _draft.Move();
    }

    public void Dispose()
    {
        if (!_ffmpeg.HasExited) Children.Kill(_ffmpeg);
        _ffmpeg.Dispose();
        _draft.Dispose();
    }

    private static Process Start(string draft, int width, int height, double framesPerSecond) => FfmpegProcess.StartProgram("ffmpeg",
    [
        "-hide_banner", "-loglevel", "error", "-y",
        "-protocol_whitelist", "pipe", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", $"{width}x{height}",
        "-r", framesPerSecond.ToString("0.######", CultureInfo.InvariantCulture), "-i", "pipe:0",
        // Encoders of 4:2:0 need even sizes.
        "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p",
        "-movflags", "+faststart", $"file:{draft}",
    ], Reach.ToWrite(draft));

    private IOException Failure(Exception? cause)
    {
        _ffmpeg.WaitForExit(2000);
        var said = _complaints.IsCompletedSuccessfully ? _complaints.GetAwaiter().GetResult().Trim().Split('\n')[0] : "";
        return new IOException($"{_path}: the film cannot be written: check the folder and the free space (ffmpeg: {said})", cause);
    }
}
