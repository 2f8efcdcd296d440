using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings.Sites;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Node.Init;

/// <summary>A camera as somebody named it.</summary>
/// <param name="Source">As a site file has it; a video file, or a folder to replay, with its whole path.</param>
internal sealed record NewCamera(CameraId Id, string Source)
{
    /// <summary>For terminals and comments: without a password.</summary>
    public string Shown => VideoSource.Parse(Source).Shown;

    /// <summary>Whether it must not stand where others may look.</summary>
    public bool HasSecret => Shown != Source;

    /// <param name="text">NAME=ADDRESS or ADDRESS.</param>
    /// <param name="taken">Names of the cameras before it.</param>
    /// <exception cref="UsageException">It is none; the message names what is wrong with it.</exception>
    public static NewCamera Parse(string text, IReadOnlyCollection<CameraId> taken)
    {
        var cut = text.IndexOf('=', StringComparison.Ordinal);
        // An address may hold = itself, but not before its scheme.
        var isNamed = cut >= 0 && text.AsSpan(0, cut).IndexOfAny("/:?") < 0;
        var address = (isNamed ? text[(cut + 1)..] : text).Trim();
        var id = isNamed ? text[..cut].Trim() : Enumerable.Range(1, taken.Count + 1).Select(i => $"cam{i}").First(n => !taken.Contains(new CameraId(n)));
        if (!Identifier.IsValid(id)) throw new UsageException($"\"{id}\" is no name of a camera: {Identifier.Remedy}");
        if (id.StartsWith(JunctionSetup.Prefix, StringComparison.Ordinal)) throw new UsageException($"\"{id}\" begins with {JunctionSetup.Prefix}, which is how junctions are called: name the camera otherwise, for example cam1");
        if (taken.Contains(new CameraId(id))) throw new UsageException($"there is a camera {id} already: names are unique");
        if (address.Length == 0) throw new UsageException($"camera {id} has no address: write {id}=rtsp://HOST/PATH");
        if (SourceAddress.Check(address) is { } wrong) throw new UsageException($"camera {id}: {wrong}");
        // The site file will lie elsewhere than whoever types this.
        if (ReplaySource.IsReplay(address)) address = ReplaySource.ResolveFolder(address, Environment.CurrentDirectory);
        else if (!address.Contains("://", StringComparison.Ordinal) && !SyntheticSource.IsSynthetic(address)) address = Path.GetFullPath(address);
        return new NewCamera(new CameraId(id), address);
    }
}
