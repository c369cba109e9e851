;; Products of one query with many rows, with the product of bytes that newer runtimes know. Compiled into kernel-bytes.ts by `node scripts/make-kernel.mjs`.
(module
  (import "scan" "memory" (memory 1 65536))

  ;; $q: the query, 8 bits a value. $p: rows of $d bytes each, $d a multiple of 16, values 0 to 127 that stand for -64 to 63.
  ;; $n: how many rows, a multiple of 4. $c: what that shift adds to each product: 64 times the sum of the query.
  ;; $s: the scale of each row, float32. $o: where the products go, float32.
  (func (export "scan") (param $q i32) (param $p i32) (param $n i32) (param $d i32) (param $c i32) (param $s i32) (param $o i32)
    (local $k i32) (local $p1 i32) (local $p2 i32) (local $p3 i32)
    (local $v v128)
    (local $a0 v128) (local $a1 v128) (local $a2 v128) (local $a3 v128) (local $left v128) (local $right v128)
    (block $done
      (loop $rows
        (br_if $done (i32.eqz (local.get $n)))
        ;; Four rows at once: the query is loaded a quarter as often.
        (local.set $p1 (i32.add (local.get $p) (local.get $d)))
        (local.set $p2 (i32.add (local.get $p1) (local.get $d)))
        (local.set $p3 (i32.add (local.get $p2) (local.get $d)))
        (local.set $a0 (v128.const i32x4 0 0 0 0))
        (local.set $a1 (v128.const i32x4 0 0 0 0))
        (local.set $a2 (v128.const i32x4 0 0 0 0))
        (local.set $a3 (v128.const i32x4 0 0 0 0))
        (local.set $k (i32.const 0))
        (loop $values
          (local.set $v (v128.load (i32.add (local.get $q) (local.get $k))))
          (local.set $a0 (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get $v) (v128.load (i32.add (local.get $p) (local.get $k))) (local.get $a0)))
          (local.set $a1 (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get $v) (v128.load (i32.add (local.get $p1) (local.get $k))) (local.get $a1)))
          (local.set $a2 (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get $v) (v128.load (i32.add (local.get $p2) (local.get $k))) (local.get $a2)))
          (local.set $a3 (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get $v) (v128.load (i32.add (local.get $p3) (local.get $k))) (local.get $a3)))
          (br_if $values (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 16))) (local.get $d))))
        ;; Four sums of four lanes each, turned so that they lie side by side.
        (local.set $left (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a0) (local.get $a1))
          (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a0) (local.get $a1))))
        (local.set $right (i32x4.add
          (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $a2) (local.get $a3))
          (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $a2) (local.get $a3))))
        (v128.store (local.get $o) (f32x4.mul (v128.load (local.get $s)) (f32x4.convert_i32x4_s (i32x4.sub
          (i32x4.add
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $left) (local.get $right))
            (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $left) (local.get $right)))
          (i32x4.splat (local.get $c))))))
        (local.set $p (i32.add (local.get $p3) (local.get $d)))
        (local.set $s (i32.add (local.get $s) (i32.const 16)))
        (local.set $o (i32.add (local.get $o) (i32.const 16)))
        (local.set $n (i32.sub (local.get $n) (i32.const 4)))
        (br $rows)))))
