using System.Text;
using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Segments;

/// <summary>Segments on a real disk: what was closed is there, what was cut is kept as far as it came, and nothing is in clear.</summary>
public sealed class SegmentStoreTests : IDisposable
{
    private const int Chunk = ChunkedEncryption.ChunkBytes;

    private readonly RecordedVault _vault = new();

    [Fact]
    public void A_segment_is_read_back_at_any_place_and_listed_with_what_is_known_of_it()
    {
        var content = RecordedVault.Content((9 * Chunk) + 55);
        var place = _vault.Record(content);

        Assert.Equal(content, _vault.Read(place));
        using var pictures = _vault.Recorded.Open(place);
        foreach (var at in new[] { 0, 1, Chunk - 1, Chunk, (4 * Chunk) + 7, content.Length - 1 })
        {
            pictures.Position = at;
            Assert.Equal(content[at], pictures.ReadByte());
        }

        pictures.Position = content.Length + 5;
        Assert.Equal(-1, pictures.ReadByte());
        var listed = Assert.Single(_vault.Recorded.List());
        Assert.Equal((place, SegmentState.Whole, 600, 2, RecordedVault.Noon.AddSeconds(60)), (listed.Place, listed.State, listed.Frames, listed.Lost, listed.To!.Value));
        Assert.Equal(new FileInfo(_vault.FileOf(place)).Length, listed.Bytes);
    }

    [Fact]
    public void Nothing_of_a_segment_is_in_any_file_in_clear()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a picture that nobody may find; ", 4_000)));
        using (var writer = _vault.Store.Begin(RecordedVault.Start()))
        {
            writer.Write(content);
            Assert.DoesNotContain("nobody may find", AllText());
            writer.Close(new SegmentEnd(RecordedVault.Noon.AddSeconds(10), 100, 0));
        }

        Assert.DoesNotContain("nobody may find", AllText());
        using var day = _vault.Keys.DayKey(RecordedVault.Site, RecordedVault.Camera, new DateOnly(2026, 11, 29), make: false);
        var key = Encoding.Latin1.GetString(day!.Span);
        Assert.DoesNotContain(key, AllText());
        Assert.DoesNotContain(Convert.ToBase64String(day.Span), AllText());

        string AllText() => string.Concat(Directory.EnumerateFiles(_vault.Place, "*", SearchOption.AllDirectories).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));
    }

    [Fact]
    public void Two_segments_of_one_moment_have_names_of_their_own_and_one_camera_has_one_writer()
    {
        var (first, second) = (_vault.Record(RecordedVault.Content(100)), _vault.Record(RecordedVault.Content(200)));
        Assert.Equal(("20261129T120000.000Z", "20261129T120000.000Z-2"), (first.Name, second.Name));

        using var open = _vault.Store.Begin(RecordedVault.Start());
        Assert.Contains("records into", Assert.Throws<SegmentStoreException>(() => _vault.Store.Begin(RecordedVault.Start(RecordedVault.Noon.AddMinutes(1)))).Message);
        using var other = _vault.Store.Begin(RecordedVault.Start(camera: "cam2"));
    }

    [Fact]
    public void A_writer_that_ends_before_its_end_leaves_a_segment_that_says_so()
    {
        var content = RecordedVault.Content(100_000);
        using (var writer = _vault.Store.Begin(RecordedVault.Start())) writer.Write(content);

        var listed = Assert.Single(_vault.Recorded.List());
        Assert.Equal((SegmentState.Cut, (DateTimeOffset?)null), (listed.State, listed.To));
        Assert.Equal(content, _vault.Read(listed.Place));
        Assert.Empty(_vault.Recorded.Verify());
        using var again = _vault.Store.Begin(RecordedVault.Start());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(Chunk)]
    [InlineData((6 * Chunk) + 300)]
    public void A_process_that_is_killed_leaves_what_whole_chunks_hold(int bytes)
    {
        var content = RecordedVault.Content(bytes);
        var closed = _vault.Record(RecordedVault.Content(5000, 9), RecordedVault.Noon.AddMinutes(-1));
        var writer = _vault.Store.Begin(RecordedVault.Start());
        writer.Write(content);
        // As after a kill: the writer is never heard of again, and its file is what the system has.
        var open = Path.Combine(_vault.Keys.FolderOf(RecordedVault.Site, RecordedVault.Camera, new DateOnly(2026, 11, 29)), "20261129T120000.000Z.open");
        var left = ReadShared(open);
        writer.Dispose();
        File.Delete(open[..^5] + ".tfs");
        File.WriteAllLines(Path.Combine(Path.GetDirectoryName(open)!, "segments.log"), File.ReadAllLines(Path.Combine(Path.GetDirectoryName(open)!, "segments.log")).Take(1));
        File.WriteAllBytes(open, left);

        var told = _vault.Restart();

        Assert.Single(told);
        Assert.False(File.Exists(open));
        Assert.Equal(5000, _vault.Read(closed).Length);
        Assert.Empty(_vault.Recorded.Verify());
        var kept = _vault.Recorded.List().Where(s => s.Place != closed).ToList();
        var chunks = bytes / Chunk;
        if (chunks == 0)
        {
            Assert.Empty(kept);
            Assert.Contains("is removed", told[0]);
        }
        else
        {
            Assert.Equal(SegmentState.Cut, Assert.Single(kept).State);
            Assert.Equal(content[..(chunks * Chunk)], _vault.Read(kept[0].Place));
        }

        Assert.Empty(_vault.Restart());
    }

    [Fact]
    public void A_segment_that_was_listed_when_the_process_was_killed_gets_its_name()
    {
        var place = _vault.Record(RecordedVault.Content(70_000));
        File.Move(_vault.FileOf(place), _vault.FileOf(place)[..^4] + ".open");
        Assert.Equal(SegmentState.Open, Assert.Single(_vault.Recorded.List()).State);

        Assert.Contains("has its name now", Assert.Single(_vault.Restart()));

        Assert.Equal(70_000, _vault.Read(place).Length);
        Assert.Empty(_vault.Recorded.Verify());
    }

    [Fact]
    public void Without_a_key_or_room_nothing_is_recorded_and_it_is_said_why()
    {
        _vault.Keys.Lock();
        Assert.Contains("vault unlock", _vault.Store.Problem);
        Assert.Contains("vault unlock", Assert.Throws<SegmentStoreException>(() => _vault.Store.Begin(RecordedVault.Start())).Message);
        _vault.Keys.Unlock(_vault.Secret);
        Assert.Null(_vault.Store.Problem);

        var small = new SegmentStore(_vault.Keys, new SegmentStoreOptions { MinFreeBytes = long.MaxValue });
        Assert.Contains("are kept for counting", Assert.Throws<SegmentStoreException>(() => small.Begin(RecordedVault.Start())).Message);
        using var none = new VaultKeys(Path.Combine(_vault.Place, "none"), _vault.Clock);
        Assert.Contains("vault init", new SegmentStore(none, _vault.Options).Problem);
    }

    [Fact]
    public void Listing_is_bounded_by_time_site_and_camera()
    {
        for (var hour = 0; hour < 30; hour++) _vault.Record(RecordedVault.Content(100, hour), RecordedVault.Noon.AddHours(hour));
        _vault.Record(RecordedVault.Content(100), camera: "cam2");

        Assert.Equal(31, _vault.Recorded.List().Count());
        Assert.Equal(30, _vault.Recorded.List(RecordedVault.Site, RecordedVault.Camera).Count());
        Assert.Equal(3, _vault.Recorded.List(camera: RecordedVault.Camera, from: RecordedVault.Noon.AddHours(11).AddSeconds(30), to: RecordedVault.Noon.AddHours(13).AddSeconds(1)).Count());
        Assert.Empty(_vault.Recorded.List(from: RecordedVault.Noon.AddHours(11).AddSeconds(60), to: RecordedVault.Noon.AddHours(12)));
        Assert.Empty(_vault.Recorded.List(new TrafficFlow.Core.Sites.SiteId("unknown")));
    }

    [Fact]
    public void A_line_of_the_list_that_a_full_disk_has_cut_stops_nothing()
    {
        var first = _vault.Record(RecordedVault.Content(100));
        var list = Path.Combine(_vault.Keys.FolderOf(first.Site, first.Camera, first.Day), "segments.log");
        File.AppendAllText(list, File.ReadAllText(list)[..120]);

        Assert.Empty(_vault.Recorded.Verify());
        var second = _vault.Record(RecordedVault.Content(200), RecordedVault.Noon.AddMinutes(1));

        Assert.Equal([first, second], _vault.Recorded.List().Select(s => s.Place));
        Assert.Empty(_vault.Recorded.Verify());
        Assert.Equal(2, File.ReadAllLines(list).Length);
    }

    [Fact]
    public void A_rotation_while_a_segment_is_written_does_not_disturb_it()
    {
        var content = RecordedVault.Content(200_000);
        var writer = _vault.Store.Begin(RecordedVault.Start());
        writer.Write(content.AsSpan(0, 100_000));
        _vault.Keys.RotateMaster();
        _vault.Keys.RotateSite(RecordedVault.Site);
        writer.Write(content.AsSpan(100_000));
        writer.Close(new SegmentEnd(RecordedVault.Noon.AddSeconds(60), 600, 0));

        _vault.Restart();

        Assert.Equal(content, _vault.Read(_vault.Recorded.List().Single().Place));
        Assert.Empty(_vault.Recorded.Verify());
    }

    public void Dispose() => _vault.Dispose();

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
