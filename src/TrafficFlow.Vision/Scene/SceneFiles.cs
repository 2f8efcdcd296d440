using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Scene;

/// <summary>
/// The calibrated scenes as files CAMERA.scene: coarse edge directions of the empty street, no picture. Each begins with a hash of how the
/// camera is set up: gates, masks or ground points that were drawn anew belong to a new scene.
/// </summary>
/// <param name="tell">Told once for each camera whose file is there and cannot be read.</param>
public sealed class SceneFiles(string folder, Action<CameraId, Exception>? tell = null) : ISceneStore
{
    private const int HashBytes = 16;

    private readonly ConcurrentDictionary<CameraId, bool> _unreadable = [];

    public byte[]? Load(CameraSetup camera)
    {
        try
        {
            var bytes = File.ReadAllBytes(FileOf(camera));
            return bytes.Length > HashBytes && bytes.AsSpan(0, HashBytes).SequenceEqual(HashOf(camera)) ? bytes[HashBytes..] : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Learned anew, as at the first start: a camera counts without it too.
            if (_unreadable.TryAdd(camera.Id, true)) tell?.Invoke(camera.Id, e);
            return null;
        }
    }

    public void Save(CameraSetup camera, byte[] scene)
    {
        try
        {
            Directory.CreateDirectory(folder);
            FileDraft.Write(FileOf(camera), [.. HashOf(camera), .. scene]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk stops no measuring, and is told by the outbox; without the file the next start learns anew.
        }
    }

    private string FileOf(CameraSetup camera) => Path.Combine(folder, $"{camera.Id}.scene");

    private static byte[] HashOf(CameraSetup camera) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        frame = new[] { camera.Frame.Width, camera.Frame.Height },
        masks = camera.Masks.Select(m => m.Points.Select(p => new[] { p.X, p.Y })),
        gates = camera.Gates.OrderBy(g => g.Id.Value, StringComparer.Ordinal).Select(g => new[] { g.From.X, g.From.Y, g.To.X, g.To.Y }),
        ground = camera.Ground.Select(g => new[] { g.Image.X, g.Image.Y, g.EastMetres, g.NorthMetres }),
    }))[..HashBytes];
}
