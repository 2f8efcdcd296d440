using System.Text;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Node.Why;

/// <summary>Why the crossings of a counted recording were counted: evidence.jsonl beside its crossings.csv, a line for each row of that.</summary>
internal static class CountedEvidence
{
    public const string FileName = "evidence.jsonl";

    /// <summary>A recording is one epoch.</summary>
    public static EntryId IdOf(CameraId camera, int row) => new(camera, new LogPosition(1, row));

    /// <summary>Line by line: a day of a busy junction is some hundred megabytes.</summary>
    public static void Write(Stream stream, IEnumerable<EvidenceDocument> documents)
    {
        foreach (var document in documents) stream.Write(Encoding.UTF8.GetBytes($"{document.ToJson()}\n"));
    }

    /// <exception cref="JobFailedException">There is none.</exception>
    /// <exception cref="UsageException">The folder is no count's.</exception>
    public static EvidenceDocument Find(string folder, EntryId id)
    {
        var file = Path.Combine(folder, FileName);
        if (!Directory.Exists(folder)) throw new UsageException($"there is no folder {folder}: name the folder of a count, the one of its --out");
        if (!File.Exists(file)) throw new UsageException($"{folder} holds no {FileName}: is it the folder of a count (its --out), made by this version? Count again, or name a node with --data DIR");
        try
        {
            var (wanted, first, last) = (id.ToString(), "", "");
            foreach (var document in File.ReadLines(file).Select(EvidenceDocument.Read).OfType<EvidenceDocument>())
            {
                if (document.Id == wanted) return document;
                if (first.Length == 0) first = document.Id;
                last = document.Id;
            }

            var told = first.Length == 0 ? "nothing was counted there" : $"crossings.csv has the ids {first} to {last}";
            throw new JobFailedException($"{file} has no evidence of {id}: {told}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{file} cannot be read ({e.Message}): run it as the account that counted", e);
        }
    }
}
