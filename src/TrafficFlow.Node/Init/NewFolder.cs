using System.Security.Cryptography;

namespace TrafficFlow.Node.Init;

/// <summary>A folder that is made beside its place under a random name and moved there when all of it is written; else nothing is left.</summary>
internal sealed class NewFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _place;
    private bool _isMoved;

    private NewFolder(string place, string path) => (_place, Path) = (place, path);

    public string Path { get; }

    /// <exception cref="UsageException">Something is there already.</exception>
    /// <exception cref="JobFailedException">It cannot be made.</exception>
    public static NewFolder Of(string folder)
    {
        var place = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        Refuse(place);
        var parent = System.IO.Path.GetDirectoryName(place) ?? throw new UsageException($"{folder} is no place for a new folder: name one");
        var path = System.IO.Path.Combine(parent, $".{System.IO.Path.GetFileName(place)}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.part");
        var made = new NewFolder(place, path);
        made.Make("");
        return made;
    }

    public string Make(string name)
    {
        var folder = System.IO.Path.Combine(Path, name);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{_place} cannot be made ({e.Message}): choose another folder, or one whose parent you may write in", e);
        }

        return folder;
    }

    /// <exception cref="UsageException">Something came there meanwhile.</exception>
    public void Move()
    {
        Refuse(_place);
        if (Directory.Exists(_place)) Directory.Delete(_place);
        Directory.Move(Path, _place);
        _isMoved = true;
    }

    public void Dispose()
    {
        if (!_isMoved && Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    private static void Refuse(string place)
    {
        if (File.Exists(place)) throw new UsageException($"{place} is a file, and nothing is overwritten: name a new folder");
        if (Directory.Exists(place) && Directory.EnumerateFileSystemEntries(place).Any())
            throw new UsageException($"{place} is not empty, and nothing is overwritten: name a new folder");
    }
}
