namespace Denoise.Training.Runs;

/// <summary>Who shows how a run goes.</summary>
public interface ITrainingObserver
{
    /// <summary>After every update.</summary>
    void Advanced(TrainingRun run);

    /// <summary>After every validation.</summary>
    void Validated(TrainingRun run, IReadOnlyList<ValidationRow> rows);
}
