using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>
/// A PostgreSQL server of its own in a temporary folder, on loopback or on a host of the laboratory, that can be stopped, killed and started
/// again. As root it runs as the account postgres, since PostgreSQL refuses root. It writes as durably as a real one.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    public const string Database = "trafficflow";
    public const string User = "trafficflow";
    public const string Password = "correct horse";

    private const int Sigkill = 9;
    private const int UsualPort = 5432;
    private const int Sigstop = 19;
    private readonly string _bin;
    private readonly string _settings;

    private readonly TestHost? _host;

    private PostgresServer(string bin, TestHost? host, string folder, int port, IReadOnlyList<string> settings)
    {
        _bin = bin;
        _host = host;
        Port = port;
        Folder = folder;
        PasswordFile = Path.Combine(Path.GetTempPath(), $"{folder.Trim('/').Replace('/', '-')}.password");
        _settings = string.Join(' ', new[] { $"listen_addresses={Address}", $"port={port}", $"unix_socket_directories={Folder}", "shared_buffers=64MB", "max_connections=100" }
            .Concat(settings).Select(s => $"-c {s}"));
    }

    /// <summary>Why no server can be started here; null where one can.</summary>
    public static string? Missing => FindBin() is null ? "PostgreSQL is not installed here: install postgresql-15" : null;

    public int Port { get; }

    public string Folder { get; }

    /// <summary>Only its owner can read it; outside <see cref="Folder"/>, which belongs to the server's account.</summary>
    public string PasswordFile { get; }

    /// <summary>What the server said.</summary>
    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>Whether its first process lives; it may still be starting.</summary>
    public bool IsRunning => Postmaster() is not null;

    private string Address => _host?.Address.ToString() ?? "127.0.0.1";

    private string Data => Path.Combine(Folder, "data");

    private string LogFile => Path.Combine(Folder, "log");

    private string PidFile => Path.Combine(Data, "postmaster.pid");

    /// <summary>Of the node's user, without its password.</summary>
    public string Connection(string database = Database, string user = User) => $"Host={Address};Port={Port};Database={database};Username={user}";

    /// <summary>A new server with an empty database and a user who owns it.</summary>
    /// <param name="settings">NAME=VALUE of postgresql.conf, over what is fit for a test.</param>
    public static Task<PostgresServer> CreateAsync(params IReadOnlyList<string> settings) =>
        CreateAsync(null, Directory.CreateTempSubdirectory("trafficflow-postgres-").FullName, FreePort(), settings);

    /// <summary>The same on a host of the laboratory, whose ports are all free, in a folder that is there.</summary>
    internal static Task<PostgresServer> CreateAsync(TestHost host, string folder, params IReadOnlyList<string> settings) =>
        CreateAsync(host, folder, UsualPort, settings);

    private static async Task<PostgresServer> CreateAsync(TestHost? host, string folder, int port, IReadOnlyList<string> settings)
    {
        var server = new PostgresServer(FindBin() ?? throw new InvalidOperationException(Missing), host, folder, port, settings);
        try
        {
            await File.WriteAllTextAsync(server.PasswordFile, Password + "\n");
            File.SetUnixFileMode(server.PasswordFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            if (IsRoot) await RunAsync("chown", "postgres", server.Folder);
            await server.AsOwnerAsync("initdb", "--pgdata", server.Data, "--username=postgres", "--encoding=UTF8", "--locale=C", "--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync");
            if (host is not null) await File.AppendAllTextAsync(Path.Combine(server.Data, "pg_hba.conf"), "host all all samenet scram-sha-256\n");
            await server.StartAsync();
            await server.SqlAsync($"CREATE ROLE {User} LOGIN PASSWORD '{Password}'");
            await server.SqlAsync($"CREATE DATABASE {Database} OWNER {User}");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the server takes connections; after a kill, when it has recovered.</summary>
    public async Task StartAsync()
    {
        try
        {
            await AsOwnerAsync("pg_ctl", "start", "--pgdata", Data, "--log", LogFile, "--options", _settings, "--wait", "--timeout=60", "--silent");
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{e.Message}\n{string.Join('\n', Log.Split('\n').TakeLast(20))}", e);
        }
    }

    /// <summary>As a service manager stops it: connections are ended, everything is written.</summary>
    public Task StopAsync() => AsOwnerAsync("pg_ctl", "stop", "--pgdata", Data, "--mode=fast", "--wait", "--timeout=60", "--silent");

    /// <summary>SIGKILL to all its processes at once, as when the machine fails.</summary>
    public async Task KillAsync()
    {
        if (Postmaster() is not { } postmaster) return;
        // Halted, it has no more children between the look and the kill.
        _ = SendSignal(postmaster, Sigstop);
        var processes = new List<int> { postmaster };
        processes.AddRange(ChildrenOf(postmaster));
        foreach (var process in processes) _ = SendSignal(process, Sigkill);
        foreach (var process in processes)
        {
            while (IsAlive(process)) await Task.Delay(5);
        }

        // To the next server a killed one that nobody has waited for yet looks alive.
        File.Delete(PidFile);
        File.Delete(Path.Combine(Folder, $".s.PGSQL.{Port}.lock"));
    }

    /// <summary>As the server's owner, by its own socket.</summary>
    /// <returns>Rows by line, columns by |.</returns>
    public Task<string> SqlAsync(string sql, string database = "postgres") =>
        AsOwnerAsync("psql", "--host", Folder, "--port", Port.ToString(CultureInfo.InvariantCulture), "--username=postgres", "--dbname", database, "--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--command", sql);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        File.Delete(PasswordFile);
        // On a host of the laboratory the folder may be a disk, which is not the server's to delete.
        if (_host is null) Directory.Delete(Folder, recursive: true);
    }

    private Task<string> AsOwnerAsync(string program, params IReadOnlyList<string> args)
    {
        var path = Path.Combine(_bin, program);
        return _host is not null ? RunAsync("nsenter", [_host.Entering, "--", "runuser", "-u", "postgres", "--", path, .. args])
            : IsRoot ? RunAsync("runuser", ["-u", "postgres", "--", path, .. args])
            : RunAsync(path, args);
    }

    private static async Task<string> RunAsync(string program, params IReadOnlyList<string> args)
    {
        // A folder that the account may be in: programs of PostgreSQL complain otherwise.
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"{program} {string.Join(' ', args)} ended with {process.ExitCode}: {await error}{output}");
    }

    private int? Postmaster()
    {
        try
        {
            return int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out var id) && IsAlive(id) ? id : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static IEnumerable<int> ChildrenOf(int parent)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && Stat(id) is [_, var ppid, ..] && ppid == parent.ToString(CultureInfo.InvariantCulture))
                yield return id;
        }
    }

    /// <summary>A killed process that nobody has waited for is not alive.</summary>
    private static bool IsAlive(int process) => Stat(process) is [var state, ..] && state is not ("Z" or "X");

    /// <summary>State and parent, from what follows the name in parentheses; null for no process.</summary>
    private static string[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? FindBin()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian).OrderByDescending(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0) : Enumerable.Empty<string>();
        var folders = versions.Select(v => Path.Combine(v, "bin")).Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'));
        return folders.FirstOrDefault(f => File.Exists(Path.Combine(f, "initdb")));
    }

    private static int FreePort()
    {
        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }

    private static bool IsRoot => Environment.UserName == "root";

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
