using System.Diagnostics;
using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Segments;

/// <summary>A real film in a segment of which parts are damaged: what is left plays, by ffmpeg, and is all but the seconds that were hit.</summary>
public sealed class SoundFragmentsTests : IDisposable
{
    private const int Seconds = 12;
    private const int FramesPerSecond = 10;

    private readonly RecordedVault _vault = new();

    [Fact]
    public async Task Every_chunk_that_is_damaged_costs_the_fragments_that_it_touches_and_no_more()
    {
        var film = await FilmAsync();
        var place = _vault.Record(film);
        var other = _vault.Record(await FilmAsync(), RecordedVault.Noon.AddMinutes(1));
        var path = _vault.FileOf(place);
        var whole = File.ReadAllBytes(path);
        var chunks = (film.Length / ChunkedEncryption.ChunkBytes) + 1;
        var start = whole.Length - (film.Length + (chunks * ChunkedEncryption.TagBytes));
        Assert.True(chunks > 6, $"a film of {film.Length} bytes");
        Assert.Equal(Seconds * FramesPerSecond, await FramesAsync(Sound(place)));

        for (var chunk = 0; chunk < chunks; chunk++)
        {
            var changed = (byte[])whole.Clone();
            changed[start + (chunk * ChunkedEncryption.SealedChunkBytes) + 7] ^= 1;
            File.WriteAllBytes(path, changed);

            // A last chunk that does not open is left away like one that was cut.
            var frames = await FramesAsync(Sound(place));

            // A chunk of 16 KiB touches some fragments of about a second each.
            Assert.InRange(frames, (Seconds - 5) * FramesPerSecond, (Seconds * FramesPerSecond) - 1);
        }

        for (var cut = 3; cut < chunks; cut++)
        {
            File.WriteAllBytes(path, whole[..(start + (cut * ChunkedEncryption.SealedChunkBytes))]);
            Assert.InRange(await FramesAsync(Sound(place)), 1, (Seconds * FramesPerSecond) - 1);
        }
    }

    public void Dispose() => _vault.Dispose();

    private byte[] Sound(SegmentPlace place)
    {
        using var copy = new MemoryStream();
        var fragments = _vault.Recorded.CopySound(place, copy);
        Assert.True(fragments > 0);
        return copy.ToArray();
    }

    /// <summary>As the recorder makes one: fragments of a second, and a rate at which each is about a chunk.</summary>
    private static Task<byte[]> FilmAsync() => RunAsync("ffmpeg", [], "-v", "error", "-f", "lavfi", "-i", $"testsrc2=size=320x180:rate={FramesPerSecond}:duration={Seconds}", "-c:v", "libx264", "-preset", "veryfast", "-g", "10", "-pix_fmt", "yuv420p",
        "-movflags", "empty_moov+default_base_moof+frag_keyframe", "-f", "mp4", "pipe:1");

    private static async Task<int> FramesAsync(byte[] film)
    {
        var told = System.Text.Encoding.ASCII.GetString(await RunAsync("ffprobe", film, "-v", "error", "-count_frames", "-select_streams", "v", "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", "-"));
        return int.Parse(told.Trim().Trim(','), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<byte[]> RunAsync(string program, byte[] input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var output = new MemoryStream();
        var read = process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        var complaints = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await read;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await complaints);
        return output.ToArray();
    }
}
