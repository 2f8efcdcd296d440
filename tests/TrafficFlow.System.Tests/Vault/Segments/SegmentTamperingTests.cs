using TrafficFlow.Core.Segments;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Segments;

/// <summary>Whatever is done to the files of a recording is found and located, and the rest still opens.</summary>
public sealed class SegmentTamperingTests : IDisposable
{
    private const int Chunk = ChunkedEncryption.ChunkBytes;
    private const int Step = 97;

    private readonly RecordedVault _vault = new();

    [Fact]
    public void A_bit_that_is_flipped_at_every_97th_byte_is_located_and_every_other_chunk_opens()
    {
        var content = RecordedVault.Content((7 * Chunk) + 1234);
        var place = _vault.Record(content);
        var path = _vault.FileOf(place);
        var whole = File.ReadAllBytes(path);
        var start = whole.Length - (content.Length + (8 * ChunkedEncryption.TagBytes));
        Assert.Empty(_vault.Recorded.Verify());

        var random = new Random(7);
        for (var at = 0; at < whole.Length; at += Step)
        {
            var changed = (byte[])whole.Clone();
            changed[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, changed);

            var found = _vault.Recorded.Verify().ToList();

            if (at < start)
            {
                Assert.Equal((place.ToString(), (long?)null), (Assert.Single(found).Where, found[0].Chunk));
                Assert.Throws<SegmentStoreException>(() => _vault.Recorded.Open(place));
                continue;
            }

            var damaged = (at - start) / ChunkedEncryption.SealedChunkBytes;
            // A last chunk that does not open leaves the length unproved, too.
            Assert.Contains(found, f => f.Where == place.ToString() && f.Chunk == damaged);
            Assert.All(found, f => Assert.Equal(damaged, f.Chunk));
            using var pictures = _vault.Recorded.Open(place, asFarAsItGoes: true);
            for (var chunk = 0; chunk < pictures.Length / Chunk; chunk++)
            {
                var read = new byte[Chunk];
                pictures.Position = (long)chunk * Chunk;
                if (chunk == damaged)
                {
                    Assert.Equal(damaged, Assert.Throws<SegmentDamagedException>(() => pictures.ReadExactly(read)).Chunk);
                }
                else
                {
                    pictures.ReadExactly(read);
                    Assert.True(read.AsSpan().SequenceEqual(content.AsSpan(chunk * Chunk, Chunk)), $"chunk {chunk} with byte {at} changed");
                }
            }
        }
    }

    [Fact]
    public void A_segment_that_is_cut_at_a_chunk_edge_or_anywhere_else_is_told_and_opens_as_far_as_it_goes()
    {
        var content = RecordedVault.Content(6 * Chunk);
        var place = _vault.Record(content);
        var path = _vault.FileOf(place);
        var whole = File.ReadAllBytes(path);
        var start = whole.Length - (content.Length + (7 * ChunkedEncryption.TagBytes));

        foreach (var offset in new[] { 0, 1, 15, 16, 17, 5000 })
        {
            for (var chunks = 0; chunks < 6; chunks++)
            {
                File.WriteAllBytes(path, whole[..(start + (chunks * ChunkedEncryption.SealedChunkBytes) + offset)]);

                Assert.NotEmpty(_vault.Recorded.Verify());
                Assert.Throws<SegmentStoreException>(() => _vault.Recorded.Open(place));
                using var pictures = _vault.Recorded.Open(place, asFarAsItGoes: true);
                var left = new byte[chunks * Chunk];
                pictures.ReadExactly(left);
                Assert.True(left.AsSpan().SequenceEqual(content.AsSpan(0, left.Length)));
            }
        }

        for (var bytes = 0; bytes < start; bytes += 5)
        {
            File.WriteAllBytes(path, whole[..bytes]);
            Assert.Equal(place.ToString(), Assert.Single(_vault.Recorded.Verify()).Where);
        }

        File.WriteAllBytes(path, [.. whole, 0]);
        Assert.NotEmpty(_vault.Recorded.Verify());
    }

    [Fact]
    public void Chunks_that_change_places_are_both_told()
    {
        var content = RecordedVault.Content((5 * Chunk) + 100);
        var place = _vault.Record(content);
        var path = _vault.FileOf(place);
        var whole = File.ReadAllBytes(path);
        var start = whole.Length - (content.Length + (6 * ChunkedEncryption.TagBytes));
        Memory<byte> ChunkAt(byte[] bytes, int chunk) => bytes.AsMemory(start + (chunk * ChunkedEncryption.SealedChunkBytes), ChunkedEncryption.SealedChunkBytes);

        var changed = (byte[])whole.Clone();
        ChunkAt(whole, 1).CopyTo(ChunkAt(changed, 3));
        ChunkAt(whole, 3).CopyTo(ChunkAt(changed, 1));
        File.WriteAllBytes(path, changed);

        Assert.Equal([1, 3], _vault.Recorded.Verify().Select(f => f.Chunk!.Value));
    }

    [Fact]
    public void Segments_that_are_renamed_or_swapped_do_not_open()
    {
        var (first, second) = (_vault.Record(RecordedVault.Content(50_000, 1)), _vault.Record(RecordedVault.Content(50_000, 2), RecordedVault.Noon.AddMinutes(1)));
        var other = _vault.Record(RecordedVault.Content(50_000, 3), camera: "cam2");
        var elsewhere = _vault.Record(RecordedVault.Content(50_000, 4), site: "harbour");
        var nextDay = _vault.Record(RecordedVault.Content(50_000, 5), RecordedVault.Noon.AddDays(1));

        foreach (var brought in new[] { second, other, elsewhere, nextDay })
        {
            var before = File.ReadAllBytes(_vault.FileOf(first));
            File.WriteAllBytes(_vault.FileOf(first), File.ReadAllBytes(_vault.FileOf(brought)));
            Assert.Contains("renamed or moved", Assert.Single(_vault.Recorded.Verify()).What);
            Assert.Contains("renamed or moved", Assert.Throws<SegmentStoreException>(() => _vault.Recorded.Open(first)).Message);
            Assert.Equal(50_000, _vault.Read(brought).Length);
            File.WriteAllBytes(_vault.FileOf(first), before);
        }

        File.Move(_vault.FileOf(first), _vault.FileOf(first with { Name = "20261129T115900.000Z" }));
        var found = _vault.Recorded.Verify().ToList();
        Assert.Contains(found, f => f.Where == first.ToString() && f.What.Contains("its file is gone", StringComparison.Ordinal));
        Assert.Contains(found, f => f.What.Contains("not in the list", StringComparison.Ordinal));
        Assert.Contains(found, f => f.What.Contains("renamed or moved", StringComparison.Ordinal));
    }

    [Fact]
    public void An_older_file_of_the_same_name_is_told()
    {
        // The same moment, recorded twice: the first recording is kept aside, and put in the place of the second one.
        var place = _vault.Record(RecordedVault.Content(50_000, 1));
        var folder = _vault.Keys.FolderOf(place.Site, place.Camera, place.Day);
        var old = File.ReadAllBytes(_vault.FileOf(place));
        File.Delete(_vault.FileOf(place));
        File.Delete(Path.Combine(folder, "segments.log"));
        Assert.Equal(place, _vault.Record(RecordedVault.Content(50_000, 2)));

        File.WriteAllBytes(_vault.FileOf(place), old);

        Assert.Contains("an older or another one was put in its place", Assert.Single(_vault.Recorded.Verify()).What);
    }

    [Fact]
    public void Lines_that_are_taken_out_changed_or_put_back_are_told()
    {
        for (var minute = 0; minute < 5; minute++) _vault.Record(RecordedVault.Content(20_000, minute), RecordedVault.Noon.AddMinutes(minute));
        var place = _vault.Recorded.List().First().Place;
        var path = Path.Combine(_vault.Keys.FolderOf(place.Site, place.Camera, place.Day), "segments.log");
        var lines = File.ReadAllLines(path);
        Assert.Equal(5, lines.Length);

        void Write(params IEnumerable<string> all) => File.WriteAllText(path, string.Join('\n', all) + "\n");
        Write(lines.Where((_, i) => i != 2));
        Assert.Contains(_vault.Recorded.Verify(), f => f.What.Contains("lines are missing", StringComparison.Ordinal));
        Write(lines[0], lines[2], lines[1], lines[3], lines[4]);
        Assert.Contains(_vault.Recorded.Verify(), f => f.What.Contains("lines are missing", StringComparison.Ordinal));
        Write(lines.Select((l, i) => i == 3 ? l.Replace("\"frames\":600", "\"frames\":601", StringComparison.Ordinal) : l));
        Assert.Contains(_vault.Recorded.Verify(), f => f.What.Contains("line 4", StringComparison.Ordinal) && f.What.Contains("changed", StringComparison.Ordinal));
        Write(lines.Take(3));
        Assert.Equal(2, _vault.Recorded.Verify().Count(f => f.What.Contains("not in the list", StringComparison.Ordinal)));
        Write(lines);
        Assert.Empty(_vault.Recorded.Verify());
    }

    public void Dispose() => _vault.Dispose();
}
