// Command golog is a log made with golang.org/x/mod alone: it signs checkpoints with
// sumdb/note, proves them with sumdb/tlog, has a witness cosign them over HTTP, and opens
// the result as a signed note that carries the witness's line.
//
//	golog <witness URL> <witness vkey> <log skey> <size> <size> …
//
// It prints a line for each size: the status, and the cosigner that note.Open accepted.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A store holds all hashes of a tree in the order that x/mod stores them in.
type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = s[index]
	}
	return hashes, nil
}

// A cosigner verifies cosignature/v1 lines (C2SP tlog-cosignature), which x/mod has no
// verifier of its own for; note.Open calls it as it calls its own.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }

func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(sig)
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, msg)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not a vkey")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 0x04 {
		return nil, errors.New("not a cosigner's key")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	hash := binary.BigEndian.Uint32(sum[:])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		return nil, errors.New("a vkey with another key ID")
	}
	return cosigner{parts[0], hash, ed25519.PublicKey(key[1:])}, nil
}

type log struct {
	signer   note.Signer
	verifier note.Verifier
	hashes   store
	size     int64
}

func (l *log) grow(size int64) error {
	for ; l.size < size; l.size++ {
		record := []byte(fmt.Sprintf("record %d of a log in Go", l.size))
		hashes, err := tlog.StoredHashes(l.size, record, l.hashes)
		if err != nil {
			return err
		}
		l.hashes = append(l.hashes, hashes...)
	}
	return nil
}

func (l *log) checkpoint() ([]byte, error) {
	root, err := tlog.TreeHash(l.size, l.hashes)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%s\n%d\n%v\n", l.signer.Name(), l.size, root)
	return note.Sign(&note.Note{Text: text}, l.signer)
}

func (l *log) request(old int64, signed []byte) ([]byte, error) {
	var body bytes.Buffer
	fmt.Fprintf(&body, "old %d\n", old)
	if old > 0 && old < l.size {
		proof, err := tlog.ProveTree(l.size, old, l.hashes)
		if err != nil {
			return nil, err
		}
		for _, hash := range proof {
			fmt.Fprintf(&body, "%v\n", hash)
		}
	}
	body.WriteString("\n")
	body.Write(signed)
	return body.Bytes(), nil
}

// offer has one checkpoint cosigned and returns the status and who cosigned.
func (l *log) offer(url string, old int64, witness note.Verifier) (string, error) {
	signed, err := l.checkpoint()
	if err != nil {
		return "", err
	}
	body, err := l.request(old, signed)
	if err != nil {
		return "", err
	}
	response, err := http.Post(url+"/add-checkpoint", "text/plain", bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Sprintf("%d %s", response.StatusCode, bytes.TrimSpace(answer)), err
	}
	opened, err := note.Open(append(signed, answer...), note.VerifierList(l.verifier, witness))
	if err != nil {
		return "", err
	}
	if len(opened.Sigs) != 2 || opened.Sigs[1].Name != witness.Name() {
		return "", errors.New("the witness's line does not verify")
	}
	return "200 " + opened.Sigs[1].Name, nil
}

func run(args []string) error {
	if len(args) < 4 {
		return errors.New("want: URL, witness vkey, log skey, sizes")
	}
	witness, err := newCosigner(args[1])
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(args[2])
	if err != nil {
		return err
	}
	vkey, err := verifierOf(args[2])
	if err != nil {
		return err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return err
	}
	l := &log{signer: signer, verifier: verifier}
	old := int64(0)
	for _, arg := range args[3:] {
		size, err := strconv.ParseInt(arg, 10, 64)
		if err != nil {
			return err
		}
		if err := l.grow(size); err != nil {
			return err
		}
		said, err := l.offer(args[0], old, witness)
		if err != nil {
			return err
		}
		fmt.Println(said)
		old = size
	}
	return nil
}

// verifierOf returns the vkey of a signing key (PRIVATE+KEY+name+hash+base64).
func verifierOf(skey string) (string, error) {
	parts := strings.SplitN(strings.TrimPrefix(skey, "PRIVATE+KEY+"), "+", 3)
	if len(parts) != 3 {
		return "", errors.New("not a signing key")
	}
	seed, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(seed) != 1+ed25519.SeedSize {
		return "", errors.New("not a signing key")
	}
	public := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(parts[0], public)
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
