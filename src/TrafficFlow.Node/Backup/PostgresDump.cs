using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using TrafficFlow.Core.Files;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Backup;

/// <summary>
/// Journal, snapshots and read tables of a PostgreSQL server, which pg_dump reads in one transaction: of one instant, as the files of a
/// <see cref="DatabaseCut"/> are.
/// </summary>
/// <param name="Problem">Why there is no dump, with what to do; null where there is one.</param>
/// <param name="Order">What whoever dumps or restores by hand must know.</param>
internal sealed record PostgresDump(string? Problem, IReadOnlyList<string> Order)
{
    public const string Path = "postgresql/trafficflow.dump";

    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static async Task<PostgresDump> RunAsync(PostgresJournal journal, string target, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnectionStringBuilder(journal.Connection);
        string[] place =
        [
            "--host", connection.Host!, "--port", connection.Port.ToString(CultureInfo.InvariantCulture), "--username", connection.Username!,
        ];
        string[] dump = [.. place, "--no-password", "--format", "custom", "--file", target, connection.Database!];
        var environment = PostgresEnvironment.Of(connection);
        var before = PostgresEnvironment.Words(environment);
        var restore = $"{before}pg_restore {string.Join(' ', place)} --dbname {connection.Database} --no-owner --exit-on-error {Path}";
        string[] order =
        [
            $"PostgreSQL: one pg_dump of the whole database holds journal, snapshots and read tables of one instant; never dump tables one by one.",
            $"PostgreSQL, to restore: stop every server, make an empty database ({before}createdb), then: {restore}",
        ];
        var byHand = $"dump it with: {before}pg_dump {string.Join(' ', dump.Select(w => w == target ? "trafficflow.dump" : w).Where(w => w != "--no-password"))}";
        var start = new ProcessStartInfo(ProgramPath.Of("pg_dump"), dump) { RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        // Read by this account only, unlike an argument.
        if (journal.PasswordFile is { } file && File.Exists(file)) start.Environment["PGPASSWORD"] = File.ReadLines(file).FirstOrDefault() ?? "";
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var said = await process.StandardError.ReadToEndAsync(cancellation);
                await process.WaitForExitAsync(cancellation);
                if (process.ExitCode == 0) return new PostgresDump(null, order);
                File.Delete(target);
                return new PostgresDump($"pg_dump failed: {said.ReplaceLineEndings(" ").Trim()}; {byHand}", order);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
                throw;
            }
        }
        catch (Win32Exception)
        {
            return new PostgresDump($"there is no pg_dump here (Debian: postgresql-client): {byHand}", order);
        }
    }
}
